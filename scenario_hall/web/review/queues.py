"""The administrators' queues, the oldest first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.review import review_queues
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import administrator_required, database

pages = Blueprint("review", __name__, url_prefix="/review")


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template("review/show.html", **fields_of(review_queues(database(), request.args.get("queue", ""))))
