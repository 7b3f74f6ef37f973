"""The desk as a file: what is under way for a person's organisations, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from scenario_hall.applications.models import Application
from scenario_hall.core.clock import local_day
from scenario_hall.dossiers.desk import MOST_ROWS, DeskDossier, Item
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.web.kit.downloads import Download, dated
from scenario_hall.web.kit.language import named
from scenario_hall.web.kit.request import settings

Row = dict[str, object]


def desk_list(dossier: DeskDossier) -> Download:
    """Every record of the desk once: what waits for the person first, then what waits for others, then the rest."""
    desk = dossier.desk
    rest: list[Item] = [
        *(("scenario", each) for each in desk.scenarios),
        *(("product", each) for each in desk.products),
        *(("application", each) for each in desk.applications),
        *(("outcome", each) for each in desk.outcomes),
    ]
    waiting = [*dossier.mine, *dossier.theirs]
    sorted_out = {(kind, record.pk) for kind, record in waiting}
    days = dossier.days
    rows = [
        *(_follow_up(each) for each in desk.follow_ups),
        *(_row(_("Waiting for me"), each, days) for each in dossier.mine),
        *(_row(_("Waiting for others"), each, days) for each in dossier.theirs),
        *(_row("", each, {}) for each in rest if (each[0], each[1].pk) not in sorted_out),
    ]
    own = ", ".join(organization.name for _membership, organization in dossier.organizations)
    return Download(
        name=dated("desk"),
        title=_("My desk"),
        columns={
            "waiting": _("Waiting for"),
            "kind": _("Kind"),
            "code": _("Code"),
            "title": _("Title"),
            "scenario": _("Scenario"),
            "state": _("Status"),
            "due_on": _("Due on"),
            "changed_on": _("Changed on"),
            "page": _("Page"),
        },
        rows=rows,
        total=len(rows),
        filters=[
            (_("Organisations"), own or "—"),
            (_("Kinds"), _("all, the newest %(count)s of each", count=MOST_ROWS)),
        ],
    )


def _row(waiting: str, item: Item, days: Mapping[int, date]) -> Row:
    kind, record = item
    row: Row = {"waiting": waiting, "kind": named(kind), "changed_on": local_day(record.updated_at)}
    match record:
        case Application():
            group = "state.application" if record.state == "submitted" else "state"
            page = url_for("applications.show", code=record.code)
            more: Row = {
                "code": record.code,
                "title": record.product.title,
                "scenario": record.scenario.title,
                "state": named(record.state, group),
            }
        case PlanAmendment():
            page = url_for("outcomes.show", code=record.outcome.code) + "#amendments"
            more = {
                "kind": _("Amendment %(number)s", number=record.number),
                "code": record.outcome.code,
                "title": record.outcome.product.title,
                "state": named(record.state, "state"),
            }
        case Outcome():
            page = url_for("outcomes.show", code=record.code)
            more = {
                "kind": named(record.kind),
                "code": record.code,
                "title": record.product.title,
                "state": named(record.state, "state"),
                "due_on": days.get(record.pk),
            }
        case _:
            page = url_for(f"{kind}s.show", code=record.code)
            more = {"code": record.code, "title": record.title, "state": named(record.state, "state")}
    return {**row, **more, "page": settings().base_url + page}


def _follow_up(each: FollowUp) -> Row:
    page = url_for("following.answer", code=each.outcome.code, month=each.month)
    return {
        "waiting": _("Waiting for me"),
        "kind": _("Follow-up after %(month)s months", month=each.month),
        "code": each.outcome.code,
        "title": each.outcome.product.title,
        "scenario": each.outcome.scenario.title,
        "due_on": each.due_on,
        "page": settings().base_url + page,
    }
