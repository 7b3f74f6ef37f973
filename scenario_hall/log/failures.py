"""What the worker could not do: one row for each piece of work that raised, tried again with growing pauses."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction

MAX_ERROR = 2_000  # characters of an error that are kept
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(days=1),  # and every day from then on
)


class Failure(SQLModel, table=True):
    """A piece of work that raised: an event for a reader, or a record for a job of the clock."""

    __tablename__ = "failure"

    work: str = Field(primary_key=True, max_length=60)  # the reader's or the job's name
    item: str = Field(primary_key=True, max_length=60)  # the event's id, or the record's key
    attempts: int = 0
    error: str = ""
    first_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    last_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    next_try_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


def record_failure(session: Session, work: str, item: str, error: BaseException) -> Failure:
    """Keep that ``item`` raised ``error``; the next try waits longer each time."""
    with transaction(session):
        row = session.get(Failure, (work, item)) or Failure(work=work, item=item)
        row.last_at = now()
        row.next_try_at = row.last_at + PAUSES[min(row.attempts, len(PAUSES) - 1)]
        row.attempts += 1
        row.error = "".join(traceback.format_exception(error))[-MAX_ERROR:]
        session.add(row)
    return row


def forget_failure(session: Session, work: str, item: str) -> None:
    """The piece of work is done."""
    with transaction(session):
        session.exec(delete(Failure).where(col(Failure.work) == work, col(Failure.item) == item))


def forget_failures(session: Session, works: Sequence[str]) -> None:
    """Everything of these readers was built anew, so nothing of theirs is left to be tried."""
    with transaction(session):
        session.exec(delete(Failure).where(col(Failure.work).in_(works)))


def due_items(session: Session, work: str, *, limit: int = 20) -> list[str]:
    """The items of ``work`` whose next try has come, the longest waiting first."""
    query = (
        select(Failure.item)
        .where(col(Failure.work) == work, col(Failure.next_try_at) <= now())
        .order_by(col(Failure.next_try_at))
        .limit(limit)
    )
    return list(session.exec(query))


def waiting_items(session: Session, work: str) -> set[str]:
    """The items of ``work`` that are not to be tried yet."""
    query = select(Failure.item).where(col(Failure.work) == work, col(Failure.next_try_at) > now())
    return set(session.exec(query))


def all_failures(session: Session, *, limit: int = 200) -> list[Failure]:
    """What could not be done, the newest first."""
    return list(session.exec(select(Failure).order_by(col(Failure.last_at).desc()).limit(limit)))


def count_failures(session: Session) -> dict[str, int]:
    """Work → how many of its items wait for another try."""
    query = select(Failure.work, func.count()).group_by(Failure.work).order_by(Failure.work)
    return dict(session.exec(query).all())


def try_again(session: Session, work: str, item: str) -> bool:
    """Let the worker try ``item`` at its next turn; False when nothing of it waits."""
    with transaction(session):
        row = session.get(Failure, (work, item))
        if row is None:
            return False
        row.next_try_at = now()
        session.add(row)
        return True
