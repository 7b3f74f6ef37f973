"""Who works at what: each reader and the clock have a lock of their own, so several workers can share them.

A lock is given back by the operating system or the database when its holder dies. With PostgreSQL it holds among all
machines (advisory locks of one connection), with SQLite among the processes of this machine (locked files).
"""

from __future__ import annotations

import fcntl
import hashlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError


class Locks:
    """The locks that this process holds, by the name of the work."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self.folder = data_dir / "locks"
        self._files: dict[str, IO[str]] = {}
        self._connection: Connection | None = None
        self._held: set[str] = set()

    def __enter__(self) -> Locks:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.release_all()

    def hold(self, name: str) -> bool:
        """Take the lock ``name``, or keep it; False, without waiting, while another process has it."""
        if self.engine.dialect.name == "postgresql":
            return self._hold_in_database(name)
        return name in self._files or self._hold_file(name)

    def release_all(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()
        self._held.clear()
        if self._connection is not None:
            # A server sees that a connection is gone a moment later: who asks next would still be refused.
            with suppress(OperationalError):  # a lost connection has lost its locks
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            # Not back into the pool: the locks live as long as the connection to the server.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _hold_file(self, name: str) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = (self.folder / f"{name}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._files[name] = file
        return True

    def _hold_in_database(self, name: str) -> bool:
        connection = self._living_connection()
        if name not in self._held:
            query = text("SELECT pg_try_advisory_lock(:key)")
            if not connection.execute(query, {"key": _advisory_key(name)}).scalar_one():
                return False
            self._held.add(name)
        return True

    def _living_connection(self) -> Connection:
        """The connection whose life is the locks' life; a lost one has lost them all."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return self._connection
            except OperationalError:
                self._connection.invalidate()
                self._connection.close()
                self._held.clear()
        self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection


def _advisory_key(name: str) -> int:
    """A number of 63 bits that nothing else in this database takes by accident."""
    return int.from_bytes(hashlib.sha256(f"scenario-hall {name}".encode()).digest()[:8], "big") >> 1
