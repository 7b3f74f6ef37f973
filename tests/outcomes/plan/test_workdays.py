"""Working days in three calendars."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.outcomes.plan.workdays import calendar_of


def test_the_national_day_is_no_working_day_and_its_exchange_is() -> None:
    mainland, hong_kong = calendar_of("440300"), calendar_of("810000")
    assert mainland.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert mainland.is_working_day(date(2026, 10, 10))
    assert hong_kong.after(date(2026, 9, 30), 1) == date(2026, 10, 2)
    assert calendar_of("820000").after(date(2026, 12, 7), 1) == date(2026, 12, 9)


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    days=st.integers(1, 30),
    region=st.sampled_from(["440300", "810000", "820000"]),
)
def test_so_many_working_days_lie_between(start: date, days: int, region: str) -> None:
    calendar = calendar_of(region)
    end = calendar.after(start, days)
    between = [date.fromordinal(number) for number in range(start.toordinal() + 1, end.toordinal() + 1)]
    assert sum(map(calendar.is_working_day, between)) == days
    assert calendar.is_working_day(end)


def test_no_working_days_are_none() -> None:
    with pytest.raises(ValueError):
        calendar_of("440300").after(date(2026, 1, 1), 0)
