"""The event log: one chain, no gap, nothing changed unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from threading import Thread

import pytest
from sqlalchemy import Engine, inspect
from sqlmodel import Session, col, select, update

from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, LogHead, append, events_after, last_id, line_hash
from scenario_hall.log.verifying import verify


def write(session: Session, number: int) -> None:
    with transaction(session):
        append(
            session,
            kind="scenario.drafted",
            actor_id=None,
            subject_kind="scenario",
            subject_id=number,
            subject_code="S",
            data={"title": f"值 {number}"},
        )


def test_lines_follow_one_another_and_verify(engine: Engine) -> None:
    with Session(engine) as session:
        before = last_id(session)
        for number in range(5):
            write(session, number)
        lines = events_after(session, before)
        assert [line.id for line in lines] == list(range(before + 1, before + 6))
        assert all(one.hash == other.previous_hash for one, other in pairwise(lines))
        assert verify(session).fault is None


def test_a_line_that_was_rolled_back_leaves_no_gap(engine: Engine) -> None:
    with Session(engine) as session:
        write(session, 1)
        before = last_id(session)
        with pytest.raises(RuntimeError), transaction(session):
            append(
                session, kind="scenario.drafted", actor_id=None, subject_kind="scenario", subject_id=2, subject_code="S"
            )
            raise RuntimeError
        write(session, 3)
        assert last_id(session) == before + 1
        assert verify(session).fault is None


CHANGED = {
    "at": datetime(2026, 1, 1, tzinfo=UTC),
    "kind": "scenario.saved",
    "actor_id": 7,
    "subject_kind": "product",
    "subject_id": 99,
    "subject_code": "S-2026-000099",
    "data": "{}",
}
LINKS = {"id", "previous_hash", "hash"}


def test_every_column_of_a_line_is_tried_here() -> None:
    assert {column.name for column in inspect(Event).columns} == CHANGED.keys() | LINKS


@pytest.mark.parametrize("column", CHANGED)
def test_a_changed_line_is_found(sqlite_engine: Engine, column: str) -> None:
    with Session(sqlite_engine) as session:
        for number in range(4):
            write(session, number)
        value = CHANGED[column]
        session.exec(update(Event).where(col(Event.id) == 3).values({column: value}))
        session.commit()
        found = verify(session)
        assert found.fault_id == 3
        assert found.fault is not None and "changed" in found.fault


def test_a_line_that_was_changed_with_care_is_found_at_the_next_one(sqlite_engine: Engine) -> None:
    """The forger gives it its new hash, and writes that into the line behind it, too: that line's hash covers it."""
    with Session(sqlite_engine) as session:
        for number in range(4):
            write(session, number)
        forged = session.get_one(Event, 2)
        forged.actor_id = 7
        forged.hash = line_hash(forged)
        session.add(forged)
        session.commit()
        assert verify(session).fault == "line 3 does not follow the line before it"
        next_one = session.get_one(Event, 3)
        next_one.previous_hash = session.get_one(Event, 2).hash
        session.add(next_one)
        session.commit()
        assert verify(session).fault == "line 3 was changed"


def test_a_removed_line_is_found_in_the_middle_and_at_the_end(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        for number in range(4):
            write(session, number)
        last = session.exec(select(Event).where(col(Event.id) == last_id(session))).one()
        session.delete(last)
        session.commit()
        assert "its head says otherwise" in (verify(session).fault or "")
        session.delete(session.get_one(Event, 2))
        session.commit()
        assert verify(session).fault_id == 2


def test_writers_at_once_make_one_chain_without_gap(engine: Engine) -> None:
    def work(start: int) -> None:
        with Session(engine) as session:
            for number in range(start, start + 10):
                write(session, number)

    threads = [Thread(target=work, args=(100 * place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        result = verify(session)
        assert result.fault is None
        assert result.lines == session.get_one(LogHead, 1).last_id
        assert len([line for line in events_after(session, 0, limit=1000) if line.kind == "scenario.drafted"]) == 40
