"""The protocol of a reader of the event log, and ``catch_up``, which brings one up to date."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scenario_hall.log.chain import Event, events_after

logger = logging.getLogger(__name__)
BATCH = 500
# The surroundings' fault (a locked database, a server that is down), not the event's: the same batch is tried again.
SURROUNDINGS = (OperationalError, OSError)


class Reader(Protocol):
    """Follows the log. Its cursor is stored in the same commit as its work, so a crash between two steps loses
    nothing and repeats nothing."""

    @property
    def name(self) -> str: ...

    def position(self, session: Session) -> int:
        """The id of the last event whose consequences are stored."""
        ...

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        """Process ``events`` (oldest first, without gaps) and store the cursor with the work."""
        ...

    def skip(self, session: Session, event: Event) -> None:
        """Store the cursor after ``event`` without processing it."""
        ...


def catch_up(engine: Engine, reader: Reader) -> int:
    """Bring one reader to the end of the log; returns how many events it has passed.

    An event that raises is skipped and written to the process's log; the events before and after it are processed.
    Raises errors of the surroundings (``SURROUNDINGS``), and RuntimeError when the reader does not move on.
    """
    done = 0
    while True:
        with Session(engine) as session:
            before = reader.position(session)
            events = events_after(session, before, limit=BATCH)
            if not events:
                return done
        done += _work_off(engine, reader, events)


def _work_off(engine: Engine, reader: Reader, events: Sequence[Event]) -> int:
    """Process one batch; if it raises, process its halves, down to the one event at fault."""
    try:
        with Session(engine) as session:
            before = reader.position(session)
            reader.advance(session, events)
            session.expire_all()
            if reader.position(session) <= before:
                raise RuntimeError(f"reader {reader.name} worked off events after {before} and did not move on")
        return len(events)
    except SURROUNDINGS:
        raise
    except Exception:
        if len(events) > 1:
            middle = len(events) // 2
            return _work_off(engine, reader, events[:middle]) + _work_off(engine, reader, events[middle:])
        event = events[0]
        logger.exception("reader %s passes event %d (%s), which raises", reader.name, event.id, event.kind)
        with Session(engine) as session:
            reader.skip(session, event)
        return 1
