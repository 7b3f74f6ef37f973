"""The administrators' queues, the oldest first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.review import review_queues
from scenario_hall.dossiers.several import CHECKS, MOST_AT_ONCE
from scenario_hall.dossiers.waiting import count_waiting
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.places import address_of
from scenario_hall.web.review.review_lists import queue_list

pages = Blueprint("review", __name__, url_prefix="/review")


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    queues = review_queues(database(), request.args.get("queue", ""), actor())
    if (form := asked_format()) is not None:
        total = count_waiting(database(), actor())[queues.queue]
        return send_list(queue_list(queues, total, address_of), form)
    return render_template(
        "review/show.html", **fields_of(queues), address_of=address_of, together=CHECKS, most=MOST_AT_ONCE
    )
