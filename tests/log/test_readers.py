"""One event that raises does not stop its reader; what is the surroundings' fault is tried again."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, append, cursor, move_cursor
from scenario_hall.log.readers import catch_up


class Picky:
    """Keeps what it has worked off, and raises at some events."""

    name = "picky"

    def __init__(self, raises_at: frozenset[int], error: Exception) -> None:
        self.raises_at, self.error = raises_at, error
        self.kept: list[int] = []

    def position(self, session: Session) -> int:
        return cursor(session, self.name)

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        if self.raises_at & {event.id for event in events}:
            raise self.error
        with transaction(session):
            move_cursor(session, self.name, events[-1].id)
        self.kept += [event.id for event in events]

    def skip(self, session: Session, event: Event) -> None:
        with transaction(session):
            move_cursor(session, self.name, event.id)


@pytest.fixture
def log_of_twelve(engine: Engine) -> Engine:
    with Session(engine) as session, transaction(session):
        for number in range(11):  # the taxonomy was event 1
            append(
                session,
                kind="scenario.drafted",
                actor_id=None,
                subject_kind="scenario",
                subject_id=number,
                subject_code="S",
            )
    return engine


@pytest.mark.parametrize("bad", [{1}, {12}, {5, 6}, set(range(1, 13))])
def test_a_reader_passes_the_event_that_raises_and_says_so(
    log_of_twelve: Engine, bad: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    reader = Picky(frozenset(bad), ValueError("cannot be read"))
    with caplog.at_level(logging.ERROR):
        assert catch_up(log_of_twelve, reader) == 12
    assert reader.kept == [number for number in range(1, 13) if number not in bad]
    for number in bad:
        assert any(f"event {number} " in record.getMessage() for record in caplog.records)
    assert catch_up(log_of_twelve, reader) == 0


@pytest.mark.parametrize("error", [OperationalError("BEGIN", {}, Exception("locked")), ConnectionRefusedError("down")])
def test_what_is_the_surroundings_fault_passes_nothing(log_of_twelve: Engine, error: Exception) -> None:
    reader = Picky(frozenset({7}), error)
    with pytest.raises(type(error)):
        catch_up(log_of_twelve, reader)
    reader.raises_at = frozenset()
    catch_up(log_of_twelve, reader)
    assert reader.kept == list(range(1, 13))
