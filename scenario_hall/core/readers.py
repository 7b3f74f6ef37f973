"""What a reader of the event log is, and how it is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.log import Event, events_after

BATCH = 500


class Reader(Protocol):
    """Follows the log. Its cursor is stored in the same commit as its work, so a crash between two steps loses
    nothing and repeats nothing."""

    @property
    def name(self) -> str: ...

    def position(self, session: Session) -> int:
        """The id of the last event whose consequences are stored."""
        ...

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        """Work off ``events`` (oldest first, without gaps) and store the cursor with the work."""
        ...


def catch_up(engine: Engine, reader: Reader) -> int:
    """Bring one reader to the end of the log; returns how many events it worked off."""
    done = 0
    while True:
        with Session(engine) as session:
            before = reader.position(session)
            events = events_after(session, before, limit=BATCH)
            if not events:
                return done
            reader.advance(session, events)
            session.expire_all()
            if reader.position(session) <= before:
                raise RuntimeError(f"reader {reader.name} worked off events after {before} and did not move on")
            done += len(events)
