"""When letters of a rhythm are due, by the clock of Hong Kong."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from scenario_hall.alerts.models import Rhythm
from scenario_hall.core.clock import HONG_KONG

LETTER_TIME = time(8)
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


def next_morning(moment: datetime, weekday: int | None = None) -> datetime:
    """The next time that it is 8:00 in Hong Kong, on that day of the week where one is given; in UTC."""
    local = moment.astimezone(HONG_KONG)
    morning = datetime.combine(local.date(), LETTER_TIME, HONG_KONG)
    while morning <= local or (weekday is not None and morning.weekday() != weekday):
        morning += timedelta(days=1)
    return morning.astimezone(UTC)


def last_morning(moment: datetime) -> datetime:
    """The last time that it was 8:00 in Hong Kong; in UTC."""
    return next_morning(moment) - timedelta(days=1)
