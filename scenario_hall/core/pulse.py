"""Whether something was written to the database: whoever waits for others' writes is woken by them, and does not ask
the tables again and again."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

CHANNEL = "hall"
WAKES = "wakes_others"
LOOK_AGAIN_SECONDS = 0.1
RECONNECT_SECONDS = 2.0


class Pulse(ABC):
    """Watches one database for one waiter at a time, over a connection of its own that its first use opens."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @abstractmethod
    def was_felt(self, seconds: float) -> bool:
        """Wait until something was written since the last call, at most about ``seconds``; False when nothing was.
        A database that cannot be asked counts as one that was written to, so that whoever waits finds out."""

    @abstractmethod
    def close(self) -> None:
        """Let the connection go; the next call of ``was_felt`` opens another one."""

    def __enter__(self) -> Pulse:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def pulse_of(engine: Engine) -> Pulse:
    """The pulse of the engine's database."""
    return SqlitePulse(engine) if engine.dialect.name == "sqlite" else PostgresPulse(engine)


def wake_others(session: Session) -> None:
    """Let those who wait for writes know of this transaction when it is committed."""
    session.info[WAKES] = True


def tell_others(session: Session) -> None:
    """Tell them, within the transaction that is about to be committed. SQLite does it by itself."""
    if session.info.pop(WAKES, False) and session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"NOTIFY {CHANNEL}")


class SqlitePulse(Pulse):
    """Asks for SQLite's counter of others' commits, which reads no table and takes no lock that anybody waits for.
    https://www.sqlite.org/pragma.html#pragma_data_version"""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._connection: sqlite3.Connection | None = None
        self._seen = -1

    def was_felt(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        try:
            while not (is_new := self._is_new()) and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, LOOK_AGAIN_SECONDS))
        except sqlite3.Error:
            self.close()
            time.sleep(min(seconds, LOOK_AGAIN_SECONDS))  # whoever finds out, and comes again, does not spin
            return True
        return is_new

    def _is_new(self) -> bool:
        if self._connection is None:
            self._connection = sqlite3.connect(str(self.engine.url.database), check_same_thread=False)
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        before, self._seen = self._seen, version
        return bool(version != before)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._seen = -1


class PostgresPulse(Pulse):
    """Listens for what ``wake_others`` sends. https://www.postgresql.org/docs/current/sql-notify.html"""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        # Not one of the pool's: it is kept for as long as somebody waits.
        self._own = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def was_felt(self, seconds: float) -> bool:
        try:
            if self._connection is None:
                self._connection = self._own.connect()
                self._connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                return True  # what was written before it listened was not heard
            driver: Any = self._connection.connection.driver_connection
            return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        except (OperationalError, self._own.dialect.loaded_dbapi.OperationalError):
            self.close()
            time.sleep(min(seconds, RECONNECT_SECONDS))
            return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
