"""The administrators' queues, the oldest first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.dossiers.review import count_waiting, review_queues
from scenario_hall.dossiers.waiting import next_waiting
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.review_lists import queue_list

pages = Blueprint("review", __name__, url_prefix="/review")
# Where on the page of an outcome the decision stands.
ANCHORS = {"outcomes": "review", "objections": "notice", "notices": "decide"}


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    queues = review_queues(database(), request.args.get("queue", ""), actor())
    if (form := asked_format()) is not None:
        total = count_waiting(database(), actor(), queues.queue)
        return send_list(queue_list(queues, total, address_of), form)
    return render_template("review/show.html", **fields_of(queues), address_of=address_of)


def address_of(queue: str, row: Any) -> str:
    """The page on which an item of a queue is decided."""
    if queue in ("organizations", "facts"):
        return url_for("organizations.show", organization_id=row.pk)
    if queue == "revisions":
        return url_for("changes.show", proposed_id=row.pk)
    if queue in ANCHORS:
        outcome = row.outcome if queue == "objections" else row
        return url_for("outcomes.show", code=outcome.code, _anchor=ANCHORS[queue])
    return url_for(f"records.{queue[:-1]}", code=row.code)


def after_decision(queue: str) -> str:
    """Where the pressed button leads: to the next item that waits, or back to the queue."""
    following = next_waiting(database(), actor(), queue) if request.form.get("go") == "next" else None
    return address_of(*following) if following is not None else url_for("review.show", queue=queue)
