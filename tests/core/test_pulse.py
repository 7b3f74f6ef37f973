"""Who waits for others' writes is woken by them, on both databases, and by nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.core.pulse import LOOK_AGAIN_SECONDS, Pulse, pulse_of
from scenario_hall.log.chain import last_id, record_event
from scenario_hall.taxonomy.models import TAXONOMY

LONG = 20.0


@pytest.fixture
def pulse(engine: Engine) -> Iterator[Pulse]:
    with pulse_of(engine) as made:
        write(engine)  # the first commit to a file that nobody had open
        while made.was_felt(0.05):
            pass
        yield made


def write(engine: Engine, steps: int = 1) -> None:
    with Session(engine) as session, transaction(session):
        record_event(session, None, TAXONOMY, "demonstration.loaded", {"steps": steps})


def test_a_write_of_somebody_else_ends_the_waiting(engine: Engine, pulse: Pulse) -> None:
    writer = threading.Timer(0.2, write, [engine])
    writer.start()
    begun = time.monotonic()
    assert pulse.was_felt(LONG)
    assert time.monotonic() - begun < LONG / 2
    writer.join()


def test_what_was_written_before_the_waiting_began_is_felt_once(engine: Engine, pulse: Pulse) -> None:
    write(engine)
    assert pulse.was_felt(LONG)
    assert not pulse.was_felt(0.05)


def test_what_is_only_read_is_not_felt(engine: Engine, pulse: Pulse) -> None:
    with Session(engine) as session, transaction(session):
        assert last_id(session) > 0
    assert not pulse.was_felt(0.05)


def test_what_was_rolled_back_is_not_felt_then_or_with_the_next(engine: Engine, pulse: Pulse) -> None:
    with Session(engine) as session:
        with pytest.raises(ZeroDivisionError), transaction(session):
            record_event(session, None, TAXONOMY, "demonstration.loaded", {"steps": 1})
            raise ZeroDivisionError
        assert not pulse.was_felt(0.05)
        with transaction(session):
            assert last_id(session) > 0
    assert not pulse.was_felt(0.05)


def test_a_connection_that_is_lost_counts_as_a_write_and_is_made_anew(engine: Engine, pulse: Pulse) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has none that could be lost")
    with engine.connect() as connection:
        ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = 'LISTEN hall' AND datname = current_database()"
        assert connection.execute(text(ended)).scalar_one() == 1
    assert pulse.was_felt(LONG)
    while pulse.was_felt(0.05):  # it listens again
        pass
    write(engine)
    assert pulse.was_felt(LONG)


def test_who_comes_again_while_there_is_no_database_does_not_spin(tmp_path: Path) -> None:
    (tmp_path / "hall.sqlite").mkdir()
    with pulse_of(create_engine(f"sqlite:///{tmp_path / 'hall.sqlite'}")) as pulse:
        begun = time.monotonic()
        assert all(pulse.was_felt(LONG) for _ in range(3))
        assert time.monotonic() - begun >= 3 * LOOK_AGAIN_SECONDS
