"""The register of approved firsts, by year, kind and scope."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.firsts import firsts_dossier
from scenario_hall.language.dates import FIRST_YEAR, LAST_YEAR
from scenario_hall.outcomes.certificate.firsts import Firsts
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import OutcomeKind
from scenario_hall.web.kit.addresses import page_number, whole_argument
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import database
from scenario_hall.web.outcomes.pages import pages

# The blueprint, with the route of this module.
__all__ = ["pages"]


@pages.get("/outcomes")
def index() -> ResponseReturnValue:
    kind, scope = request.args.get("kind", ""), request.args.get("scope", "")
    firsts = Firsts(
        year=whole_argument("year", FIRST_YEAR, LAST_YEAR),
        kind=OutcomeKind(kind) if kind in list(OutcomeKind) else None,
        scope=Scope(scope) if scope in list(Scope) else None,
    )
    dossier = firsts_dossier(database(), firsts, page=page_number())
    return render_template(
        "outcomes/index.html", **fields_of(dossier), kind=kind, kinds=list(OutcomeKind), year=firsts.year, scope=scope
    )
