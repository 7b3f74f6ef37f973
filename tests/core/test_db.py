"""Who writes waits for whoever writes, on SQLite by asking often."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from scenario_hall.core import db
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.limits import Attempt


def add(session: Session, key: str) -> None:
    session.add(Attempt(key=key, at=now()))


def test_who_waits_for_the_write_lock_writes_as_soon_as_it_is_free(sqlite_engine: Engine) -> None:
    asked, keys = threading.Event(), []

    def second() -> None:
        with Session(sqlite_engine) as session:
            asked.set()
            with transaction(session):
                keys.extend(session.exec(select(Attempt.key)).all())
                add(session, "second")

    thread = threading.Thread(target=second)
    with Session(sqlite_engine) as session, transaction(session):
        thread.start()
        asked.wait()
        add(session, "first")
    thread.join()
    assert keys == ["first"]


def test_who_waits_in_vain_is_told_that_the_database_is_locked(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    with Session(sqlite_engine) as first, Session(sqlite_engine) as second:
        with transaction(first):
            with pytest.raises(OperationalError, match="locked"), transaction(second):
                add(second, "never")
        with transaction(second):
            add(second, "now")
            assert second.connection().exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 50
        assert second.exec(select(Attempt.key)).all() == ["now"]
