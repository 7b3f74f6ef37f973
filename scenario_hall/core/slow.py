"""Tells queries that take long, without their values: those are people's."""

from __future__ import annotations

import logging
import time
from typing import Any

from sqlalchemy import Engine, event

logger = logging.getLogger(__name__)
MOST_SHOWN = 300  # characters of a statement


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
