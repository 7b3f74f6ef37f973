"""Use cases of the bulletins: freeze the months that have ended, find one, count the one that is running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from scenario_hall.bulletins.figures import WANTED, Figures, add_up
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.reading import read_month
from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, last_id, lock_head, record_event

PUBLISHED, ADDED = "bulletin.published", "bulletin.added"


@dataclass(frozen=True)
class Counted:
    """A month that is not frozen yet, counted from its entries up to ``entry``; one without entries of its own has the
    last one before it."""

    month: Month
    entry: int
    entry_hash: str
    figures: Figures

    @property
    def is_over(self) -> bool:
        return self.month.end <= now()


def publish_due(session: Session) -> int:
    """Freeze each month that has ended, the oldest first, and say so in the log; returns how many.

    The month that ended last is told to everybody; earlier ones, of a hall that is older than its bulletins or whose
    worker stood still, are added without a line in the feed.
    """
    published = 0
    while _is_due(session):
        with transaction(session):
            lock_head(session)  # so that nobody freezes the same month, or writes into it
            counted = next(unfrozen(session), None)
            if counted is None or not counted.is_over:
                break
            _freeze(session, counted)
        published += 1
    return published


def _freeze(session: Session, counted: Counted) -> None:
    frozen = Bulletin(
        id=counted.month.key,
        entry=counted.entry,
        entry_hash=counted.entry_hash,
        figures=counted.figures.model_dump(mode="json"),
    )
    session.add(frozen)
    is_newest = counted.month.next() == Month.of(now())
    data = {"line": frozen.entry, "figures": fingerprint(frozen.figures)}
    record_event(session, None, frozen, PUBLISHED if is_newest else ADDED, data)


def _is_due(session: Session) -> bool:
    """Whether a month has ended since the newest frozen one; asked each minute, so it reads one row."""
    newest = newest_bulletin(session)
    if newest is not None:
        return newest.month.next().end <= now()
    return _beginning(session, 0)[0].end <= now()


def newest_bulletin(session: Session) -> Bulletin | None:
    return session.exec(select(Bulletin).order_by(col(Bulletin.id).desc()).limit(1)).first()


def find_bulletin(session: Session, month: Month) -> Bulletin | None:
    return session.get(Bulletin, month.key)


def count_bulletins(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Bulletin)).one()


def unfrozen(session: Session) -> Iterator[Counted]:
    """The months after the newest frozen one up to the present, each counted from the one before it; in a hall whose
    worker runs that is the present month alone. Nothing while the log is empty."""
    end, newest = last_id(session), newest_bulletin(session)
    if newest is not None:
        month, after, before = newest.month.next(), newest.entry, newest.read()
    else:
        month, after, before = *_beginning(session, end), None
    while end and month <= Month.of(now()):
        last = last_of(session, month, after, end)
        figures = count_month(session, month, after=after, last=last, before=before)
        yield Counted(month, last, session.get_one(Event, last).hash, figures)
        after, before, month = last, figures, month.next()


def count_month(session: Session, month: Month, *, after: int, last: int, before: Figures | None) -> Figures:
    """The figures of the entries behind ``after`` up to ``last``; ``before``: those of the month before."""
    read = read_month(session, month, after=after, last=last, year_after=_end_of_last_year(session, month, after))
    return add_up(month, read, before)


def last_of(session: Session, month: Month, after: int, end: int) -> int:
    """The last entry of ``month`` among those behind ``after`` up to ``end``; ``after`` when it has none. A clock that
    was set back may write an earlier time later: such an entry belongs to the month in which it came."""
    if month.end > now():
        return end
    later = select(Event.id).where(col(Event.id) > after, col(Event.at) >= month.end).order_by(col(Event.id)).limit(1)
    first_after = session.exec(later).first()
    return first_after - 1 if first_after is not None else end


def _end_of_last_year(session: Session, month: Month, after: int) -> int:
    """The last entry before the year of ``month``; ``after`` is the last one before the month itself."""
    january = Month(month.year, 1)
    december = session.get(Bulletin, january.previous().key)
    if december is not None or month == january:
        return december.entry if december is not None else after
    started = select(Event.id).where(col(Event.at) >= january.start).order_by(col(Event.id)).limit(1)
    first = session.exec(started).first()
    return min(first - 1, after) if first is not None else after


def _beginning(session: Session, end: int) -> tuple[Month, int]:
    """The month in which something happened first that is counted, and the entry before it; else the present month."""
    query = select(Event.id, Event.at).where(col(Event.kind).in_(WANTED)).order_by(col(Event.id)).limit(1)
    first = session.exec(query).first()
    return (Month.of(first[1]), first[0] - 1) if first is not None else (Month.of(now()), end)
