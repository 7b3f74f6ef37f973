"""What waits for one administrator: how much, and what comes next."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, func, select

from scenario_hall.core.policy import Actor
from scenario_hall.dossiers.review import QUEUES, rows_for


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
