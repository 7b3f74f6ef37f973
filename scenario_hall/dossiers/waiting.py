"""What waits for one administrator: how much, where in its queue an item stands, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, func, select
from sqlmodel import Session

from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Account
from scenario_hall.reviewing.queues import MOST_ROWS, QUEUES, find_in_queue, id_column, may_decide, rows_for
from scenario_hall.reviewing.turns import Turn, offered_to, turn_of

_WHOSE = "administrator"


@dataclass(frozen=True)
class Place:
    """Where an item stands in its queue: the ``number``-th of ``count``, with its neighbours' ids. ``following`` is the
    next one for this administrator: neither left to somebody else by four eyes nor somebody else's turn."""

    queue: str
    row_id: int
    number: int
    count: int
    before: int | None
    after: int | None
    following: int | None
    turn: Turn | None  # None: it was given to nobody


def count_waiting(session: Session, actor: Actor) -> dict[str, int]:
    """Queue → how many wait in it for this administrator."""
    return dict(zip(QUEUES, session.execute(_counts(), {_WHOSE: actor.account_id}).one(), strict=True))


@cache
def _counts() -> Select[Any]:
    """One statement for all queues: every page of an administrator asks it; making it takes longer than running it."""
    mine: BindParameter[int] = bindparam(_WHOSE, type_=Integer)
    rows = (rows_for(mine, name).order_by(None).subquery() for name in QUEUES)
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in rows))


def waiting_for_review(session: Session, actor: Actor) -> int:
    """How many items wait for this administrator in all queues."""
    return sum(count_waiting(session, actor).values())


def place_in_queue(session: Session, actor: Actor, queue: str, row_id: int) -> Place | None:
    """Where the item stands in the queue as it waits for ``actor``; None where it does not wait there."""
    ids = _ids(session, actor, queue)
    if row_id not in ids:
        return None
    at = ids.index(row_id)
    following = _first_to_decide(session, actor, queue, (*ids[at + 1 :], *ids[:at]))
    return Place(
        queue=queue,
        row_id=row_id,
        number=at + 1,
        count=len(ids),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at + 1 < len(ids) else None,
        following=following.id if following is not None else None,
        turn=turn_of(session, queue, session.get(id_column(queue).class_, row_id)),
    )


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


def _ids(session: Session, actor: Actor, queue: str) -> list[int]:
    rows = rows_for(actor.account_id, queue)
    return list(session.execute(rows.with_only_columns(id_column(queue)).limit(MOST_ROWS)).scalars())


def _first_to_decide(session: Session, actor: Actor, queue: str, ids: Iterable[int]) -> Any | None:
    table = id_column(queue).class_
    for row_id in ids:
        row = session.get(table, row_id)
        if row is None or not may_decide(actor, queue, row):
            continue
        turn = turn_of(session, queue, row)
        if turn is None or not turn.is_others(actor):
            return row
    return None


@dataclass(frozen=True)
class TurnDossier:
    """An item that waits, whose turn it is, and to whom it can be given; to nobody by who may not decide it."""

    queue: str
    row: Any
    turn: Turn | None
    offered: Sequence[Account]
    may_give: bool


def turn_dossier(session: Session, actor: Actor, queue: str, row_id: int) -> TurnDossier:
    """Raises NotFound for what does not wait."""
    row = find_in_queue(session, queue, row_id) if queue in QUEUES else None
    if row is None:
        raise NotFound()
    may_give = may_decide(actor, queue, row)
    return TurnDossier(
        queue=queue,
        row=row,
        turn=turn_of(session, queue, row),
        offered=offered_to(session, queue, row) if may_give else [],
        may_give=may_give,
    )
