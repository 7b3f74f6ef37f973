"""Working days in the mainland, Hong Kong and Macao; the holidays are data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from scenario_hall.core.clock import end_of_local_day, local_day

_FILE = Path(__file__).parent / "data" / "holidays.json"
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days off beside weekends, and weekend days that are worked instead (调休)."""

    off: frozenset[date]
    worked: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def on_or_after(self, day: date) -> date:
        """``day`` itself, or the next working day."""
        return day if self.is_working_day(day) else self.after(day, 1)

    def after(self, day: date, working_days: int) -> date:
        """The working day that is so many after ``day``, which itself does not count. Raises ValueError below 1."""
        if working_days < 1:
            raise ValueError("at least one working day")
        left = working_days
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return day

    def near(self, day: date, working_days: int) -> date:
        """The working day that is so many after ``day`` (or before it, where negative); 0: the day itself, or the
        next working day."""
        if working_days > 0:
            return self.after(day, working_days)
        step, left = timedelta(days=1 if working_days == 0 else -1), -working_days
        while left or not self.is_working_day(day):
            day += step
            left -= bool(left) and self.is_working_day(day)
        return day


@cache
def _calendars() -> dict[str, Calendar]:
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        side: Calendar(
            frozenset(map(date.fromisoformat, days["off"])), frozenset(map(date.fromisoformat, days["worked"]))
        )
        for side, days in stored.items()
    }


def calendar_of(region: str) -> Calendar:
    """The calendar of a region's code: 81… Hong Kong, 82… Macao, else the mainland."""
    side = {"81": "hongkong", "82": "macao"}.get(region[:2], "mainland")
    return _calendars()[side]


def end_after(moment: datetime, working_days: int, region: str) -> datetime:
    """The end, in Hong Kong time, of the working day that is so many after ``moment``."""
    return end_of_local_day(calendar_of(region).after(local_day(moment), working_days))
