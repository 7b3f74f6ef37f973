"""The database: engine, column types, and the one way to write, ``transaction``."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Engine, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from scenario_hall.core.pulse import WAKES, tell_others
from scenario_hall.core.slow import begin_to_hold, tell_long_writes

BUSY_TIMEOUT_MS = 15_000
ASK_AGAIN_SECONDS = 0.005  # for SQLite's write lock
CONNECTIONS, KEPT_CONNECTIONS, POOL_SECONDS = 15, 5, 10  # of one process to PostgreSQL


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def unindexed(column: Any) -> ColumnElement[str]:
    """A column of text for a condition that nearly every row fulfils. Without statistics a database takes “equal” for
    the narrowest condition, reads all such rows by that column's index and sorts them; so it walks the index of the
    order instead, and stops at the limit."""
    plain: ColumnElement[str] = column.concat("")
    return plain


def make_engine(url: str, *, connections: int = CONNECTIONS, statement_seconds: int = 0) -> Engine:
    """An engine for SQLite (write-ahead log, foreign keys on) or PostgreSQL.

    On PostgreSQL it opens at most ``connections``; whoever finds none free within POOL_SECONDS gets sqlalchemy's
    TimeoutError. With ``statement_seconds`` a statement that takes longer, or waits for a lock longer than SQLite's
    would, fails with OperationalError.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        tell_long_writes(engine)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    kept = min(connections, KEPT_CONNECTIONS)
    engine = create_engine(
        parsed, pool_pre_ping=True, pool_size=kept, max_overflow=connections - kept, pool_timeout=POOL_SECONDS
    )
    if statement_seconds:
        event.listen(engine, "connect", partial(_bound_statements, statement_seconds))
    return engine


def _bound_statements(seconds: int, connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{seconds}s'")
        cursor.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_MS}ms'")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite says which kind it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten in the file, however SQLite was built
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one wrote between; one that
    # says at the start that it will write waits its turn instead.
    if connection.get_execution_options().get("hall_writes", False):
        _take_write_lock(connection)
        begin_to_hold(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Connection) -> None:
    """Begin to write as soon as nobody else does. Raises OperationalError after BUSY_TIMEOUT_MS.

    SQLite itself asks at growing intervals, up to a tenth of a second, and a work of many short transactions would
    nearly always have the lock again by then; nor does its waiting let other requests of a web process go on.
    """
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        while time.monotonic() < until:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(ASK_AGAIN_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # says what is wrong
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """One transaction that writes. Commits at the outermost level, rolls back on any exception.

    Whatever was read in ``session`` before is read anew inside, so that what a service decides on is
    what the database holds now.
    """
    depth = session.info.get("transaction_depth", 0)
    if depth == 0:
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("rows were changed outside a transaction")
        session.rollback()
        session.connection(execution_options={"hall_writes": True})
    session.info["transaction_depth"] = depth + 1
    try:
        yield
        if depth == 0:
            session.flush()
            tell_others(session)
            session.commit()
        else:
            session.flush()
    except BaseException:
        if depth == 0:
            session.info.pop(WAKES, None)
            session.rollback()
        raise
    finally:
        session.info["transaction_depth"] = depth
