"""What waits for one administrator: how much, and what comes next."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, exists, func, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.policy import Actor
from scenario_hall.dossiers.review import QUEUES
from scenario_hall.outcomes.claim.models import Advice
from scenario_hall.outcomes.models import Outcome


def rows_for(actor: Actor, queue: str) -> SelectOfScalar[Any]:
    """The queue's rows for this administrator, the oldest first; a claim on which they advised waits for others."""
    rows = QUEUES[queue].rows()
    if queue != "outcomes":
        return rows
    has_advised = exists().where(
        col(Advice.outcome_id) == col(Outcome.id),
        col(Advice.round) == col(Outcome.review_round),
        col(Advice.account_id) == actor.account_id,
    )
    return rows.where(~has_advised)


def count_waiting(session: Session, actor: Actor) -> dict[str, int]:
    """Queue → how many wait in it for this administrator."""
    counted = {
        name: select(func.count()).select_from(rows_for(actor, name).order_by(None).subquery()).scalar_subquery()
        for name in QUEUES
    }
    return dict(zip(counted, session.execute(select(*counted.values())).one(), strict=True))


def waiting_for_review(session: Session, actor: Actor) -> int:
    """How many items wait for this administrator in all queues."""
    return sum(count_waiting(session, actor).values())


def next_waiting(session: Session, actor: Actor, queue: str) -> tuple[str, Any] | None:
    """The item after a decision: the oldest of the same queue, else of the next one that is not empty; with its
    queue."""
    names = list(QUEUES)
    place = names.index(queue)
    for name in (*names[place:], *names[:place]):
        row = session.exec(rows_for(actor, name).limit(1)).first()
        if row is not None:
            return name, row
    return None
