"""How long reviews have taken, from the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.log.chain import Event

LOOKED_BACK = timedelta(days=180)
# Queue → the events with which an item comes into it, and those that decide it.
BEGINS: Mapping[str, str] = {
    "organization.registered": "organizations",
    "organization.resubmitted": "organizations",
    "scenario.submitted": "scenarios",
    "product.submitted": "products",
    "revision.proposed": "revisions",
    "outcome.claimed": "outcomes",
}
ENDS: Mapping[str, str] = {
    "organization.verified": "organizations",
    "organization.returned": "organizations",
    "organization.rejected": "organizations",
    "scenario.released": "scenarios",
    "scenario.returned": "scenarios",
    "product.listed": "products",
    "product.returned": "products",
    "revision.accepted": "revisions",
    "revision.returned": "revisions",
    "outcome.on_notice": "outcomes",
    "outcome.returned": "outcomes",
    "outcome.rejected": "outcomes",
}


def median_days(session: Session) -> dict[str, float]:
    """Queue → the median of the days from coming in to the decision, over the last 180 days; queues without a decision
    are left out."""
    query = (
        select(Event.kind, Event.subject_id, Event.at)
        .where(col(Event.kind).in_([*BEGINS, *ENDS]), col(Event.at) > now() - LOOKED_BACK)
        .order_by(col(Event.id))
    )
    waiting: dict[tuple[str, int], datetime] = {}
    taken: dict[str, list[float]] = {}
    for kind, subject_id, at in session.exec(query):
        if kind in BEGINS:
            waiting[BEGINS[kind], subject_id] = at
        elif (began := waiting.pop((ENDS[kind], subject_id), None)) is not None:
            taken.setdefault(ENDS[kind], []).append((at - began) / timedelta(days=1))
    return {queue: median(days) for queue, days in taken.items()}
