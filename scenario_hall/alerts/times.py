"""When letters of a rhythm are due, by the clock of Hong Kong."""

from __future__ import annotations

from datetime import datetime

from scenario_hall.alerts.models import Rhythm
from scenario_hall.core.clock import next_morning

MONDAY = 0


def due_at(rhythm: str, moment: datetime, *, is_of_many: bool = False) -> datetime | None:
    """When a letter is to tell of what was found at ``moment``; None where none does. What came with a list waits for
    the morning."""
    match rhythm:
        case Rhythm.AT_ONCE:
            return next_morning(moment) if is_of_many else moment
        case Rhythm.DAILY:
            return next_morning(moment)
        case Rhythm.WEEKLY:
            return next_morning(moment, weekday=MONDAY)
    return None
