"""Working days in the mainland, Hong Kong and Macao; the holidays are data.

Where the data end, days are still counted, with weekends alone: pages call such a day provisional, and administrators
and ``doctor`` are warned some time before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from scenario_hall.core.clock import end_of_local_day, local_day
from scenario_hall.core.texts import N_

_FILE = Path(__file__).parent / "data" / "holidays.json"
SATURDAY = 5


PLACES: dict[str, str] = {"mainland": N_("The mainland"), "hongkong": N_("Hong Kong"), "macao": N_("Macao")}
WARNED_BEFORE = timedelta(days=60)  # of the end of the data


class Calendar(BaseModel):
    """Days off beside weekends, and weekend days that are worked instead (调休)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    off: frozenset[date]
    worked: frozenset[date]
    known_until: date
    # From this day on only the law is known, and not yet which weekends that year's notice has worked.
    provisional_from: date | None
    sources: dict[int, str]  # of each year

    def is_provisional(self, day: date) -> bool:
        """May what falls on ``day`` still move?"""
        return day > self.known_until or (self.provisional_from is not None and day >= self.provisional_from)

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
def calendars() -> Mapping[str, Calendar]:
    """Each of the PLACES with its calendar."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return {place: Calendar.model_validate(stored[place]) for place in PLACES}


def calendars_that_end(today: date) -> Mapping[str, Calendar]:
    """Those whose holidays are not known for long: somebody has to put in the next year's."""
    return {place: each for place, each in calendars().items() if each.known_until - today < WARNED_BEFORE}


def is_provisional(when: date | datetime, region: str) -> bool:
    """May a day that was counted in working days of ``region`` still move?"""
    return calendar_of(region).is_provisional(local_day(when) if isinstance(when, datetime) else when)


def calendar_of(region: str) -> Calendar:
    """The calendar of a region's code: 81… Hong Kong, 82… Macao, else the mainland."""
    place = {"81": "hongkong", "82": "macao"}.get(region[:2], "mainland")
    return calendars()[place]


def end_after(moment: datetime, working_days: int, region: str) -> datetime:
    """The end, in Hong Kong time, of the working day that is so many after ``moment``."""
    return end_of_local_day(calendar_of(region).after(local_day(moment), working_days))
