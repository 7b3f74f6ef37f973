"""No event stops a reader, and nothing is lost or done twice for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import StaleCursor, Unavailable
from scenario_hall.log.chain import append, cursor, last_id, move_cursor
from scenario_hall.log.failures import all_failures, try_again
from scenario_hall.log.readers import PASSED_OVER, PATIENCE, Batch, ReaderRun, catch_up, lag_of, lags_of


class Picky:
    """Keeps what it has worked off, and raises at some events."""

    name = "picky"
    wants: frozenset[str] | None = None

    def __init__(self, raises_at: Sequence[int] = (), error: Exception | None = None) -> None:
        self.raises_at, self.error = set(raises_at), error or ValueError("cannot be read")
        self.kept: list[int] = []
        self.moves = 0

    def position(self, session: Session) -> int:
        return cursor(session, self.name)

    def advance(self, session: Session, batch: Batch) -> None:
        ids = [event.id for event in batch.events]
        if self.raises_at & set(ids):
            raise self.error
        with transaction(session):
            move_cursor(session, self.name, after=batch.after, position=batch.position)
        self.moves += 1
        self.kept += ids


def write(engine: Engine, *kinds: str) -> None:
    """Events with these kinds; the taxonomy was event 1."""
    with Session(engine) as session, transaction(session):
        for number, kind in enumerate(kinds):
            append(session, kind=kind, actor_id=None, subject_kind="scenario", subject_id=number, subject_code="S")


@pytest.fixture
def log_of_twelve(engine: Engine) -> Engine:
    write(engine, *["scenario.drafted"] * 11)
    return engine


def failures_in(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return {row.item: row.attempts for row in all_failures(session)}


@pytest.mark.parametrize("bad", [[1], [12], [5, 6], list(range(1, 13))])
def test_a_reader_passes_the_event_that_raises_and_it_is_kept_as_a_row(
    log_of_twelve: Engine, bad: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    reader = Picky(bad)
    with caplog.at_level(logging.ERROR):
        catch_up(log_of_twelve, reader)
    assert reader.kept == [number for number in range(1, 13) if number not in bad]
    assert failures_in(log_of_twelve) == {str(number): 1 for number in bad}
    assert all(any(f"event {number} " in record.getMessage() for record in caplog.records) for number in bad)


def test_what_failed_is_tried_again_with_growing_pauses_until_it_is_done(log_of_twelve: Engine) -> None:
    reader = Picky([5])
    run = ReaderRun(log_of_twelve, reader)
    run.run_slice(10.0)
    run.run_slice(10.0)
    assert failures_in(log_of_twelve) == {"5": 1}  # it is not time yet
    for attempts, minutes in ((2, 2), (3, 10), (4, 60)):
        with clock.at(now() + timedelta(minutes=minutes)):
            run.run_slice(10.0)
        assert failures_in(log_of_twelve) == {"5": attempts}
    reader.raises_at = set()
    with clock.at(now() + timedelta(days=2)):
        run.run_slice(10.0)
    assert reader.kept[-1] == 5 and failures_in(log_of_twelve) == {}
    with Session(log_of_twelve) as session:
        assert reader.position(session) == 12


def test_an_administrator_can_have_it_tried_at_once(log_of_twelve: Engine) -> None:
    reader = Picky([5])
    catch_up(log_of_twelve, reader)
    reader.raises_at = set()
    with Session(log_of_twelve) as session:
        assert try_again(session, "picky", "5") and not try_again(session, "picky", "6")
    catch_up(log_of_twelve, reader)
    assert failures_in(log_of_twelve) == {} and reader.kept[-1] == 5


@pytest.mark.parametrize("error", [OperationalError("BEGIN", {}, Exception("locked")), ConnectionRefusedError("down")])
def test_the_surroundings_fault_passes_nothing_until_the_event_is_the_likelier_cause(
    log_of_twelve: Engine, error: Exception
) -> None:
    reader = Picky([7], error)
    run = ReaderRun(log_of_twelve, reader)
    for _ in range(PATIENCE):
        with pytest.raises(type(error)):
            run.run_slice(1.0)
    assert reader.kept == []
    run.run_slice(10.0)
    assert reader.kept == [number for number in range(1, 13) if number != 7]
    assert failures_in(log_of_twelve) == {"7": 1}


def test_events_that_a_reader_does_not_want_cost_it_no_commit(engine: Engine) -> None:
    reader = Picky()
    reader.wants = frozenset({"scenario.released"})
    write(engine, *["scenario.drafted"] * 40)
    assert catch_up(engine, reader) == 0 and reader.moves == 0
    write(engine, "scenario.released", "scenario.drafted")
    assert catch_up(engine, reader) == 1 and reader.moves == 1
    with Session(engine) as session:
        behind = last_id(session) - reader.position(session)
    write(engine, *["scenario.drafted"] * (PASSED_OVER - 1 - behind))
    catch_up(engine, reader)
    assert reader.moves == 1
    write(engine, "scenario.drafted")
    catch_up(engine, reader)
    with Session(engine) as session:  # a restart does not read over everything again
        assert reader.moves == 2 and reader.position(session) == last_id(session)


def test_a_cursor_that_another_worker_moved_is_read_again(log_of_twelve: Engine) -> None:
    reader = Picky()
    with Session(log_of_twelve) as session, transaction(session):
        move_cursor(session, "picky", after=0, position=6)
    with Session(log_of_twelve) as session, pytest.raises(StaleCursor):
        reader.advance(session, Batch((), after=0, position=3))
    catch_up(log_of_twelve, reader)
    assert reader.kept == list(range(7, 13))


def test_the_lag_counts_what_a_reader_wants_and_has_not_worked_off(engine: Engine) -> None:
    reader = Picky()
    reader.wants = frozenset({"scenario.released"})
    write(engine, "scenario.released", "scenario.drafted", "scenario.released")
    with Session(engine) as session, clock.at(now() + timedelta(seconds=90)):
        lag = lag_of(session, reader)
        assert (lag.reader, lag.events) == ("picky", 2) and 89 <= lag.seconds <= 120
    catch_up(engine, reader)
    with Session(engine) as session:
        assert (lag_of(session, reader).events, lag_of(session, reader).seconds) == (0, 0.0)


def test_a_reader_waits_for_a_program_that_is_silent_however_long_and_no_event_is_blamed(log_of_twelve: Engine) -> None:
    reader = Picky([3], Unavailable("does not answer"))
    run = ReaderRun(log_of_twelve, reader)
    for _ in range(3 * PATIENCE):
        with pytest.raises(Unavailable):
            run.run_slice(10.0)
    assert (reader.kept, failures_in(log_of_twelve)) == ([], {})
    reader.raises_at = set()
    assert run.run_slice(10.0) == 12
    assert reader.kept == list(range(1, 13))


def test_the_lag_of_a_reader_whose_cursor_is_silent_is_not_known(log_of_twelve: Engine) -> None:
    class Silent(Picky):
        name = "silent"

        def position(self, session: Session) -> int:
            raise Unavailable("does not answer")

    with Session(log_of_twelve) as session:
        lags, waiting = lags_of(session, [Picky(), Silent()])
    assert ([lag.reader for lag in lags], waiting) == (["picky"], ["silent"])
