"""What a reader of the event log is, and the runtime that gives it batches, keeps its cursor true and its failures
apart.

Law 1 of the spine: no event stops a reader. A batch that raises is halved down to the event at fault; that one is
kept as a row (``failures.py``), the others go on. Law 2: no reader starves another. A reader works for a slice of
time and in batches that take about ``BATCH_SECONDS``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.errors import StaleCursor, Unavailable
from scenario_hall.log.chain import Event, cursor, events_after, last_id
from scenario_hall.log.failures import due_items, forget_failure, record_failure
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.kinds.table import kinds_for

logger = logging.getLogger(__name__)
FIRST_BATCH, LARGEST_BATCH = 50, 500
BATCH_SECONDS = 0.3
SLICE_SECONDS = 1.0
# How many events that a reader does not want may lie behind its stored cursor before the cursor is moved for them
# alone: moving it may cost a commit of the index, reading over a thousand ids costs nothing.
PASSED_OVER = 1_000
# The surroundings' fault (a locked database, a full disk), not the event's: the same batch is tried again, but not for
# ever, since the event itself may be what brings it about.
SURROUNDINGS = (OperationalError, OSError)
PATIENCE = 5  # tries


@dataclass(frozen=True)
class Batch:
    """Events to work off, oldest first; the cursor they were read after, and where it stands when they are done."""

    events: Sequence[Event]
    after: int
    position: int

    def part(self, begin: int, end: int) -> Batch:
        """The events from ``begin`` to ``end``, with the cursor where they begin and end."""
        return Batch(
            self.events[begin:end],
            self.after if begin == 0 else self.events[begin - 1].id,
            self.position if end == len(self.events) else self.events[end - 1].id,
        )


class Progress(Protocol):
    """How far somebody has read the log."""

    @property
    def wants(self) -> frozenset[str] | None:
        """The kinds of event that it works off; None: all."""
        ...

    def position(self, session: Session) -> int:
        """The id of the last event whose consequences are stored."""
        ...


class Reader(Progress, Protocol):
    """Follows the log. Its cursor is stored in the same commit as its work, so a crash between two steps loses
    nothing and repeats nothing."""

    @property
    def name(self) -> str: ...

    def advance(self, session: Session, batch: Batch) -> None:
        """Work off ``batch.events`` and store ``batch.position`` with the work. An event may come again: what is
        stored must be the same then.

        Raises StaleCursor, storing nothing, when the stored cursor is no longer ``batch.after``.
        """
        ...


class DatabaseReader:
    """What readers share that keep their cursor in the database and want the kinds that the tables give them."""

    name: ClassVar[ReaderName]

    @property
    def wants(self) -> frozenset[str]:
        return kinds_for(self.name)

    def position(self, session: Session) -> int:
        return cursor(session, self.name)


class ReaderRun:
    """One reader at work in this process; ``behind`` another, whose work it needs, it never overtakes it."""

    def __init__(self, engine: Engine, reader: Reader, behind: Progress | None = None) -> None:
        self.engine = engine
        self.reader = reader
        self.behind = behind
        self._size = FIRST_BATCH
        self._tries = 0

    def run_slice(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> int:
        """Work for about ``seconds``; returns how many events were worked off, 0 at the end of the log.

        Raises what the surroundings raise (``SURROUNDINGS``), a few times in a row at the same place, and Unavailable
        as often as a program that the reader writes to does not answer.
        """
        until = time.monotonic() + seconds
        done = self._retry()
        while time.monotonic() < until and not is_over():
            batch = self._next_batch()
            if batch is None:
                break
            begun = time.monotonic()
            try:
                self._work_off(batch)
            except StaleCursor:
                break  # the next turn reads the cursor again
            self._tries = 0
            self._adapt(len(batch.events), time.monotonic() - begun)
            done += len(batch.events)
        return done

    def _next_batch(self) -> Batch | None:
        with Session(self.engine) as session:
            after, newest = self.reader.position(session), last_id(session)
            wants = self.reader.wants
            events = events_after(session, after, limit=self._size, kinds=None if wants is None else sorted(wants))
            if self.behind is not None:
                newest = min(newest, _done_to(session, self.behind, newest))
                events = [event for event in events if event.id <= newest]
            session.expunge_all()
        if events:
            return Batch(events, after, events[-1].id)
        return Batch((), after, newest) if newest - after >= PASSED_OVER else None

    def _adapt(self, worked: int, took: float) -> None:
        """The next batch is as large as takes about BATCH_SECONDS."""
        if worked:
            fitting = worked * BATCH_SECONDS / max(took, 1e-3)
            self._size = max(1, min(LARGEST_BATCH, int(min(fitting, 4 * self._size))))

    def _work_off(self, batch: Batch) -> None:
        try:
            self._advance(batch)
        except (StaleCursor, Unavailable):
            raise
        except Exception as error:
            if isinstance(error, SURROUNDINGS) and self._tries < PATIENCE:
                self._tries += 1
                raise
            if len(batch.events) > 1:
                middle = len(batch.events) // 2
                self._work_off(batch.part(0, middle))
                self._work_off(batch.part(middle, len(batch.events)))
                return
            if not batch.events:
                raise
            self._set_aside(batch, error)

    def _advance(self, batch: Batch) -> None:
        with Session(self.engine) as session:
            self.reader.advance(session, batch)
        with Session(self.engine) as session:
            if self.reader.position(session) < batch.position:
                raise RuntimeError(f"reader {self.reader.name} worked off {batch.after}–{batch.position}, did not move")

    def _set_aside(self, batch: Batch, error: Exception) -> None:
        event = batch.events[0]
        logger.error(
            "reader %s passes event %d (%s), which raises; it is tried again later",
            self.reader.name,
            event.id,
            event.kind,
            exc_info=error,
        )
        with Session(self.engine) as session:
            record_failure(session, self.reader.name, str(event.id), error)
            self.reader.advance(session, Batch((), batch.after, batch.position))

    def _retry(self) -> int:
        """Try what failed before and is due again; returns how many pieces are done now."""
        with Session(self.engine) as session:
            items = due_items(session, self.reader.name)
        return sum(self._retry_one(item) for item in items)

    def _retry_one(self, item: str) -> bool:
        with Session(self.engine) as session:
            after = self.reader.position(session)
            event = session.get(Event, int(item))
            if event is not None:
                session.expunge(event)
        try:
            if event is not None:
                with Session(self.engine) as session:
                    self.reader.advance(session, Batch((event,), after, after))
        except StaleCursor:
            return False
        except Unavailable:
            raise
        except Exception as error:
            logger.warning("reader %s: event %s raises again: %s", self.reader.name, item, error)
            with Session(self.engine) as session:
                record_failure(session, self.reader.name, item, error)
            return False
        with Session(self.engine) as session:
            forget_failure(session, self.reader.name, item)
        return True


def _done_to(session: Session, reader: Progress, newest: int) -> int:
    """The last event before the next one that the reader has still to work off; ``newest`` where there is none."""
    wants = reader.wants
    waiting = events_after(session, reader.position(session), limit=1, kinds=None if wants is None else sorted(wants))
    return waiting[0].id - 1 if waiting else newest


def subjects_of(events: Sequence[Event], subject: str, reader: ReaderName) -> set[int]:
    """The ids of the records of this kind that ``events`` tell ``reader`` of."""
    wanted = kinds_for(reader, subject)
    return {event.subject_id for event in events if event.kind in wanted}


def catch_up(engine: Engine, reader: Reader) -> int:
    """Bring one reader to the end of the log; returns how many events it worked off. Raises what ``run_slice`` does."""
    run, done = ReaderRun(engine, reader), 0
    while worked := run.run_slice(60.0):
        done += worked
    return done


@dataclass(frozen=True)
class Lag:
    """How far a reader is behind: the events that it wants and has not worked off, and the age of the oldest."""

    reader: str
    events: int
    seconds: float


MOST_COUNTED = 10_000


def lag_of(session: Session, reader: Reader) -> Lag:
    """The lag of ``reader``; of more than MOST_COUNTED events so many are said."""
    from_now_on = select(Event.id, Event.at).where(col(Event.id) > reader.position(session))
    if reader.wants is not None:
        from_now_on = from_now_on.where(col(Event.kind).in_(sorted(reader.wants)))
    waiting = from_now_on.order_by(col(Event.id)).limit(MOST_COUNTED).subquery()
    count, oldest = session.exec(select(func.count(), func.min(waiting.c.at)).select_from(waiting)).one()
    return Lag(reader.name, count, max(0.0, (now() - oldest).total_seconds()) if oldest is not None else 0.0)


def lags_of(session: Session, readers: Sequence[Reader]) -> tuple[list[Lag], list[str]]:
    """The lag of each reader, and the names of those that cannot say: the program that keeps their cursor is silent."""
    lags: list[Lag] = []
    waiting: list[str] = []
    for reader in readers:
        try:
            lags.append(lag_of(session, reader))
        except Unavailable:
            waiting.append(reader.name)
    return lags, waiting
