"""The administrators' sums and lists of what came after the firsts."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.follow_up import follow_through
from scenario_hall.outcomes.adoption.adoption import Figure, sums_by_month
from scenario_hall.outcomes.adoption.models import MONTHS
from scenario_hall.web.kit.addresses import whole_argument
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.kept_counts import kept_count
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import administrator_required, database
from scenario_hall.web.review.review_lists import follow_through_list

pages = Blueprint("follow_through", __name__)


@pages.get("/review/follow-through")
@administrator_required
def show() -> ResponseReturnValue:
    asked, month = request.args.get("show", ""), whole_argument("month")
    figure = Figure(asked) if asked in list(Figure) else Figure.OVERDUE
    sums = kept_count("follow-ups", lambda: sums_by_month(database()))
    found = follow_through(database(), figure, month if month in MONTHS else None, sums)
    if (form := asked_format()) is not None:
        return send_list(follow_through_list(found), form)
    return render_template("review/follow_through.html", **fields_of(found))
