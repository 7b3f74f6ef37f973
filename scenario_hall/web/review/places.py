"""Where the items of the queues are decided, and where a decision leads: to the next item, or back to the queue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import NotFound
from scenario_hall.dossiers.waiting import Place, next_waiting, place_in_queue
from scenario_hall.reviewing.queues import QUEUES, find_waiting
from scenario_hall.reviewing.turns import Turn
from scenario_hall.web.kit.request import actor, administrator_required, database

pages = Blueprint("places", __name__)
# Where on the page of an outcome the decision stands.
ANCHORS = {"outcomes": "review", "objections": "notice", "notices": "decide"}


@pages.get("/review/item/<queue>/<int:row_id>")
@administrator_required
def show(queue: str, row_id: int) -> ResponseReturnValue:
    """The page of an item, by its place in a queue. Raises NotFound where it does not wait there any longer."""
    row = find_waiting(database(), actor(), queue, row_id) if queue in QUEUES else None
    if row is None:
        raise NotFound()
    return redirect(address_of(queue, row))


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


def is_going_on() -> bool:
    """Whether the pressed button asks for the next item; only an administrator has one."""
    return request.form.get("go") == "next" and actor().is_administrator


def after_decision(queue: str) -> str:
    """Where the pressed button leads: to the item that followed when the page was drawn and waits still, to the oldest
    one, or back to the queue."""
    if not is_going_on():
        return url_for("review.show", queue=queue)
    wanted = whole_number(request.form.get("following", ""))
    row = find_waiting(database(), actor(), queue, wanted) if wanted is not None else None
    if row is not None:
        return address_of(queue, row)
    found = next_waiting(database(), actor(), queue)
    return address_of(*found) if found is not None else url_for("review.show", queue=queue)


@pages.app_template_global()
def review_place(queue: str, record: Any) -> Place | None:
    """Where a record stands among what waits for this administrator; None for everybody else."""
    return place_in_queue(database(), actor(), queue, record.pk) if actor().is_administrator else None


@pages.app_template_global()
def is_my_turn(turn: Turn) -> bool:
    """Whether it is the reader whose turn it is."""
    return turn.is_mine(actor())
