"""The register of approved firsts, by year, kind and scope."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.firsts import PAGE_SIZE, FirstsDossier, firsts_dossier
from scenario_hall.language.dates import FIRST_YEAR, LAST_YEAR
from scenario_hall.outcomes.certificate.firsts import Firsts
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import OutcomeKind
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.web.kit import charts
from scenario_hall.web.kit.addresses import page_number, whole_argument, with_query
from scenario_hall.web.kit.downloads import MOST_ROWS, Download, asked_format, dated, send_list
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.language import current_locale, named
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database, settings
from scenario_hall.web.outcomes.pages import pages

# The blueprint, with the route of this module.
__all__ = ["pages"]


@pages.get("/outcomes")
def index() -> ResponseReturnValue:
    kind, scope, form = request.args.get("kind", ""), request.args.get("scope", ""), asked_format()
    firsts = Firsts(
        year=whole_argument("year", FIRST_YEAR, LAST_YEAR),
        kind=OutcomeKind(kind) if kind in list(OutcomeKind) else None,
        scope=Scope(scope) if scope in list(Scope) else None,
    )
    page, size = (page_number(), PAGE_SIZE) if form is None else (1, MOST_ROWS)
    dossier = firsts_dossier(database(), firsts, page, size, keep=kept_count)
    if form is not None:
        return send_list(_list(dossier, firsts), form)
    return render_template(
        "outcomes/index.html",
        **fields_of(dossier),
        kind=kind,
        kinds=list(OutcomeKind),
        year=firsts.year,
        scope=scope,
        scopes=charts.bars(
            (each, named(each, "scope"), count, with_query(scope=each.value, page=None))
            for each, count in dossier.figures.by_scope.items()
        ),
        shows_notices=request.args.get("show") == "notice",
    )


def _list(dossier: FirstsDossier, firsts: Firsts) -> Download:
    """The register as a file: what its cards show."""
    filters = [
        (_("Year"), str(firsts.year or "")),
        (_("Kind"), named(firsts.kind) if firsts.kind else ""),
        (_("Scope"), named(firsts.scope, "scope") if firsts.scope else ""),
        (_("Rules"), dossier.figures.rules_version),
    ]
    return Download(
        name=dated("firsts"),
        title=_("Approved first trials and first uses"),
        columns={
            "code": _("Code"),
            "kind": _("Kind"),
            "product": _("Product"),
            "scenario": _("Scenario"),
            "place": _("Place"),
            "state": _("Status"),
            "approved_on": _("Approved on"),
            "certificate": _("Certificate"),
            "page": _("Page"),
        },
        rows=[
            {
                "code": outcome.code,
                "kind": named(outcome.kind),
                "product": outcome.product.title,
                "scenario": outcome.scenario.title,
                "place": region_name(outcome.scenario.region, current_locale())
                if outcome.scenario.region
                else outcome.place,
                "state": named(outcome.state, "state"),
                "approved_on": local_day(outcome.approved_at) if outcome.approved_at else None,
                "certificate": certificate.number,
                "page": settings().base_url + url_for("outcomes.certificate", number=certificate.number),
            }
            for outcome, certificate in dossier.rows
        ],
        total=dossier.total,
        filters=[(label, value) for label, value in filters if value],
    )
