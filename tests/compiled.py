"""What a process of the hall does once and the tests would do in each test, kept from one test to the next.

SQLAlchemy keeps what it has compiled with its engine, and Jinja with its application. The hall makes one of each; the
tests make one a test, and half of their time went into compiling the same statements and templates again.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from scenario_hall.core.db import _prepare_sqlite

_first: dict[str, Engine] = {}


def create_warm_engine(url: URL, **options: Any) -> Engine:
    """As ``create_engine``, with the dialect and compiled statements of the first engine of its kind that connected."""
    made = create_engine(url, **options)
    first = _first.get(made.dialect.driver)
    if first is None:
        with made.connect():  # the dialect learns from its first connection what the server can do
            _first[made.dialect.driver] = made
    else:
        made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


def prepare_without_sync(connection: Any, record: Any) -> None:
    """As the hall prepares a connection, but nothing waits for the disk: what is killed runs in processes of its own."""
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


class CompiledTemplates(BytecodeCache):
    """Kept in memory; Jinja compares the source before it believes one."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.load_bytecode(BytesIO(self.kept[bucket.key]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        written = BytesIO()
        bucket.write_bytecode(written)
        self.kept[bucket.key] = written.getvalue()
