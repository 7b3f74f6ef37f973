"""The administrators' list of milestones that are overdue."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.core.clock import local_today
from scenario_hall.outcomes.plan.milestones import overdue_milestones
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.request import administrator_required, database
from scenario_hall.web.review.review_lists import overdue_list

pages = Blueprint("overdue", __name__)


@pages.get("/review/overdue")
@administrator_required
def show() -> ResponseReturnValue:
    rows = overdue_milestones(database())
    if (form := asked_format()) is not None:
        return send_list(overdue_list(rows), form)
    return render_template("review/overdue.html", rows=rows, today=local_today())
