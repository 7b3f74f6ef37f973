"""The administrators' list of milestones that are overdue."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.core.clock import local_today
from scenario_hall.outcomes.plan.milestones import overdue_milestones
from scenario_hall.web.kit.request import administrator_required, database

pages = Blueprint("overdue", __name__)


@pages.get("/review/overdue")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template("review/overdue.html", rows=overdue_milestones(database()), today=local_today())
