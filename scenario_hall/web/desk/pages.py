"""An organisation's work: what waits for me, what waits for the others."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.desk import desk_dossier
from scenario_hall.dossiers.desk_tasks import URGENCY_NAMES, VERBS
from scenario_hall.exchange.uploads import may_bring
from scenario_hall.web.desk.desk_list import desk_list
from scenario_hall.web.desk.task_pages import page_of
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import account, actor, database, login_required

pages = Blueprint("desk", __name__)


@pages.get("/desk")
@login_required
def show() -> ResponseReturnValue:
    dossier = desk_dossier(database(), actor(), account())
    if (form := asked_format()) is not None:
        return send_list(desk_list(dossier), form)
    return render_template(
        "desk/show.html",
        may_bring_lists=may_bring(actor()),
        urgencies=URGENCY_NAMES,
        verbs=VERBS,
        page_of=page_of,
        **fields_of(dossier),
    )
