"""Tells queries that take long, without their values: those are people's; and writes that keep others waiting."""

from __future__ import annotations

import logging
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

logger = logging.getLogger(__name__)
MOST_SHOWN = 300  # characters of a statement
LONGEST_WRITE = 0.3  # seconds that one transaction may hold SQLite's only lock for writing: the second law of design.md
_HELD_SINCE = "hall_writes_since"


def tell_slow_queries(engine: Engine, seconds: float) -> None:
    """Log each statement of ``engine`` that takes longer; 0 tells none."""
    if not seconds:
        return

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if context is not None:
            context.hall_began = time.monotonic()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        took = time.monotonic() - getattr(context, "hall_began", time.monotonic())
        if took > seconds:
            logger.warning("slow query, %.2f s: %s", took, " ".join(statement.split())[:MOST_SHOWN])


def begin_to_hold(connection: Connection) -> None:
    """The write lock is this connection's from now on."""
    connection.info[_HELD_SINCE] = time.monotonic()


def tell_long_writes(engine: Engine) -> None:
    """Log each transaction of ``engine`` that held the lock for writing longer than LONGEST_WRITE."""

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        # Before the commit itself, which waits for the disk; that is the disk's time and is seen by whoever waits.
        since = connection.info.pop(_HELD_SINCE, None)
        if since is not None and (held := time.monotonic() - since) > LONGEST_WRITE:
            logger.warning("long write, %.2f s: everybody else who writes waited", held)
