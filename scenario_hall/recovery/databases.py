"""Copies of the database while the hall works, and databases made of copies."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, text
from sqlmodel import Session

from scenario_hall.core.db import make_engine

SQLITE_COPY, POSTGRES_COPY = "hall.sqlite", "hall.pgdump"
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


class RecoveryError(Exception):
    """A backup or a restore cannot be made; the message says why and what to do."""


@contextmanager
def copied(engine: Engine, folder: Path) -> Iterator[tuple[Session, Path]]:
    """A copy of the database in ``folder``, whole and of one moment, with a session that sees just that moment.

    SQLite: its online backup. PostgreSQL: ``pg_dump`` of a snapshot that the session shares.
    """
    if engine.dialect.name == "sqlite":
        path = folder / SQLITE_COPY
        source = engine.url.database or ""
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        own = make_engine(f"sqlite:///{path}")
        with Session(own) as session:
            yield session, path
        own.dispose()
        with closing(sqlite3.connect(path)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return
    path = folder / POSTGRES_COPY
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run("pg_dump", engine.url, "-Fc", "--no-owner", f"--snapshot={snapshot}", f"--file={path}")
        with Session(connection) as session:
            yield session, path


def fill(engine: Engine, copy: Path) -> None:
    """Make the database of ``engine``, which must be empty, what the copy is.

    Raises RecoveryError when it is not empty, or the copy is of the other kind of database.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite != (copy.name == SQLITE_COPY):
        raise RecoveryError(f"{copy.name} cannot be restored into {engine.dialect.name}")
    if inspect(engine).get_table_names():
        raise RecoveryError("the database is not empty: a backup is only restored into an empty one")
    engine.dispose()
    if is_sqlite:
        target = Path(engine.url.database or "")
        for path in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
            path.unlink(missing_ok=True)
        shutil.copyfile(copy, target)
        target.chmod(0o600)
        with closing(sqlite3.connect(target)) as opened:
            if (found := opened.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise RecoveryError(f"the copy of the database is damaged: {found}")
    else:
        _run("pg_restore", engine.url, "--no-owner", "--exit-on-error", "--single-transaction", str(copy))


@contextmanager
def scratch(engine: Engine, folder: Path) -> Iterator[Engine]:
    """An empty database of the same kind as ``engine``'s, gone afterwards."""
    if engine.dialect.name == "sqlite":
        made = make_engine(f"sqlite:///{folder / 'scratch.sqlite'}")
        yield made
        made.dispose()
        return
    name = f"hall_check_{os.urandom(6).hex()}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        made = make_engine(engine.url.set(database=name).render_as_string(hide_password=False))
        try:
            yield made
        finally:
            made.dispose()
            connection.execute(text(f'DROP DATABASE "{name}"'))


def _run(program: str, url: URL, *arguments: str) -> None:
    """One of PostgreSQL's own programs. Raises RecoveryError."""
    # The password goes by the environment: arguments can be read by everybody on the machine.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    where = [f"--dbname={url.set(drivername='postgresql', password=None).render_as_string(hide_password=False)}"]
    done = subprocess.run(
        [_program(program), *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RecoveryError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None and DEBIAN_POSTGRES.is_dir():
        installed = sorted(DEBIAN_POSTGRES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
        found = str(installed[-1]) if installed else None
    if found is None:
        raise RecoveryError(f"{name} is not installed: install PostgreSQL's client programs")
    return found
