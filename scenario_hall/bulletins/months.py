"""Months of the calendar as people in Hong Kong count them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import HONG_KONG, local_day

FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(frozen=True, order=True)
class Month:
    """A month; ``number`` from 1 to 12."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """The month in which people in Hong Kong live at ``moment``."""
        day = local_day(moment)
        return cls(day.year, day.month)

    @classmethod
    def read(cls, code: str) -> Month | None:
        """The month of “2026-11”; None for any other text."""
        year, dash, number = code.partition("-")
        if not dash or len(year) != 4 or len(number) != 2:
            return None
        numbers = whole_number(year, FIRST_YEAR, LAST_YEAR), whole_number(number.lstrip("0"), 1, 12)
        return cls(numbers[0], numbers[1]) if numbers[0] is not None and numbers[1] is not None else None

    @classmethod
    def of_key(cls, key: int) -> Month:
        """The month of ``key``."""
        return cls(*divmod(key, 100))

    @property
    def key(self) -> int:
        """The number that rows and events know it by: 202611."""
        return 100 * self.year + self.number

    @property
    def code(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def start(self) -> datetime:
        """Its first moment in Hong Kong, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=HONG_KONG).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment of the next month."""
        return self.next().start

    def next(self) -> Month:
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def previous(self) -> Month:
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)
