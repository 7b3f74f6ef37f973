"""One worker at a time: a lock that the operating system or the database releases when its holder dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

# Any number will do, as long as nothing else in this database takes it.
_ADVISORY_KEY = 0x5CE9A210


@contextmanager
def worker_lock(engine: Engine, data_dir: Path) -> Iterator[bool]:
    """Hold the worker's lock; yields False, without waiting, when another process holds it.

    With PostgreSQL the lock holds for all machines (an advisory lock), with SQLite for this machine.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}).scalar_one()
            try:
                yield bool(taken)
            finally:
                if taken:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
