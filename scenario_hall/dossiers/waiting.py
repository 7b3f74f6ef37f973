"""What waits for one administrator: how much, where in its queue an item stands, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, func, select

from scenario_hall.core.policy import Actor, can
from scenario_hall.dossiers.review import MOST_ROWS, QUEUES, rows_for

# Queue → what deciding its items is called in the policy.
DECISIONS = {
    "organizations": "verify",
    "facts": "check_facts",
    "scenarios": "release",
    "products": "list",
    "revisions": "accept",
    "outcomes": "advise",
    "objections": "answer_objection",
    "notices": "approve",
}


@dataclass(frozen=True)
class Place:
    """Where an item stands in its queue: the ``number``-th of ``count``, with its neighbours' ids. ``following`` is the
    next one that this administrator may decide; four eyes leave the others to somebody else."""

    queue: str
    number: int
    count: int
    before: int | None
    after: int | None
    following: int | None


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


def may_decide(actor: Actor, queue: str, row: Any) -> bool:
    """Whether four eyes leave the decision on this item of a queue to ``actor``."""
    return can(actor, DECISIONS[queue], row.outcome if queue == "objections" else row)


def place_in_queue(session: Session, actor: Actor, queue: str, row_id: int) -> Place | None:
    """Where the item stands in the queue as it waits for ``actor``; None where it does not wait there."""
    ids = _ids(session, actor, queue)
    if row_id not in ids:
        return None
    at = ids.index(row_id)
    following = _first_to_decide(session, actor, queue, (*ids[at + 1 :], *ids[:at]))
    return Place(
        queue=queue,
        number=at + 1,
        count=len(ids),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at + 1 < len(ids) else None,
        following=following.id if following is not None else None,
    )


def find_waiting(session: Session, actor: Actor, queue: str, row_id: int) -> Any | None:
    """The item, if it waits in this queue for ``actor``."""
    rows = rows_for(actor, queue)
    return session.exec(rows.where(_id_of(rows) == row_id)).first()


def next_waiting(session: Session, actor: Actor, queue: str) -> tuple[str, Any] | None:
    """The item after a decision: the oldest of the same queue that ``actor`` may decide, else of the next queue that
    holds one; with its queue."""
    names = list(QUEUES)
    place = names.index(queue)
    for name in (*names[place:], *names[:place]):
        row = _first_to_decide(session, actor, name, _ids(session, actor, name))
        if row is not None:
            return name, row
    return None


def _id_of(rows: Any) -> Any:
    return rows.column_descriptions[0]["entity"].id


def _ids(session: Session, actor: Actor, queue: str) -> list[int]:
    rows = rows_for(actor, queue)
    return list(session.execute(rows.with_only_columns(_id_of(rows)).limit(MOST_ROWS)).scalars())


def _first_to_decide(session: Session, actor: Actor, queue: str, ids: Iterable[int]) -> Any | None:
    table = _id_of(rows_for(actor, queue)).class_
    for row_id in ids:
        row = session.get(table, row_id)
        if row is not None and may_decide(actor, queue, row):
            return row
    return None
