"""Working days in three calendars."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.outcomes.plan.workdays import (
    PLACES,
    WARNED_BEFORE,
    Calendar,
    calendar_of,
    calendars,
    calendars_that_end,
    end_after,
    is_provisional,
)

MAINLAND, HONG_KONG, MACAO = "440300", "810000", "820000"
# By the laws of each place and the almanac, not by the data: whether it is worked there.
DAYS = {
    "2026-02-14": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # a Saturday worked for Spring Festival
    "2026-10-10": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # a Saturday worked for National Day
    "2026-09-20": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # a Sunday
    "2026-10-19": {MAINLAND: True, HONG_KONG: False, MACAO: True},  # Chung Yeung on a Sunday, made up in Hong Kong
    "2026-12-08": {MAINLAND: True, HONG_KONG: True, MACAO: False},  # Immaculate Conception
    "2026-12-21": {MAINLAND: True, HONG_KONG: True, MACAO: True},
    "2027-01-01": {MAINLAND: False, HONG_KONG: False, MACAO: False},
    "2027-01-04": {MAINLAND: True, HONG_KONG: True, MACAO: True},
    "2027-02-05": {MAINLAND: False, HONG_KONG: True, MACAO: True},  # New Year's Eve
    "2027-02-08": {MAINLAND: False, HONG_KONG: False, MACAO: False},  # the third day of the New Year, a Monday
    "2027-02-09": {MAINLAND: False, HONG_KONG: False, MACAO: True},  # made up, in Hong Kong as the fourth day
    "2027-02-11": {MAINLAND: True, HONG_KONG: True, MACAO: True},
    "2027-03-26": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # Good Friday
    "2027-03-29": {MAINLAND: True, HONG_KONG: False, MACAO: True},  # Easter Monday
    "2027-04-05": {MAINLAND: False, HONG_KONG: False, MACAO: False},  # Qingming
    "2027-05-03": {MAINLAND: False, HONG_KONG: True, MACAO: True},  # Labour Day on a weekend, made up
    "2027-05-13": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # the Buddha's birthday
    "2027-06-09": {MAINLAND: False, HONG_KONG: False, MACAO: False},  # Dragon Boat
    "2027-07-01": {MAINLAND: True, HONG_KONG: False, MACAO: True},  # Hong Kong's establishment day
    "2027-09-15": {MAINLAND: False, HONG_KONG: True, MACAO: True},  # Mid-Autumn
    "2027-09-16": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # the day after it
    "2027-10-01": {MAINLAND: False, HONG_KONG: False, MACAO: False},
    "2027-10-04": {MAINLAND: False, HONG_KONG: True, MACAO: True},
    "2027-10-08": {MAINLAND: True, HONG_KONG: False, MACAO: False},  # Chung Yeung
    "2027-11-02": {MAINLAND: True, HONG_KONG: True, MACAO: False},  # All Souls
    "2027-12-20": {MAINLAND: True, HONG_KONG: True, MACAO: False},  # Macao's establishment day
    "2027-12-27": {MAINLAND: True, HONG_KONG: False, MACAO: True},  # the weekday after Christmas
}


@pytest.mark.parametrize("day", DAYS)
def test_it_is_known_of_each_place_whether_a_day_is_worked(day: str) -> None:
    found = {region: calendar_of(region).is_working_day(date.fromisoformat(day)) for region in DAYS[day]}
    assert found == DAYS[day]


def test_the_data_reach_far_enough_ahead_and_say_where_they_are_from() -> None:
    assert set(calendars()) == set(PLACES)
    assert calendars_that_end(date(2026, 11, 27)) == {}
    for calendar in calendars().values():
        assert calendar.known_until - date(2026, 11, 27) >= timedelta(days=60)
        years = {day.year for day in calendar.off | calendar.worked}
        assert years == set(calendar.sources) and max(years) == calendar.known_until.year
        assert all(calendar.sources.values())
        assert not calendar.off & calendar.worked
        assert all(day.weekday() >= 5 for day in calendar.worked)


def test_every_place_is_warned_of_when_its_data_end_soon() -> None:
    (end,) = {calendar.known_until for calendar in calendars().values()}
    assert calendars_that_end(end - WARNED_BEFORE) == {}
    assert set(calendars_that_end(end - WARNED_BEFORE + timedelta(days=1))) == set(PLACES)
    assert set(calendars_that_end(end + timedelta(days=400))) == set(PLACES)


def test_beyond_the_data_days_are_counted_and_called_provisional() -> None:
    """The mainland's of 2027 are, too: they are known by law, and which weekends are worked is not yet."""
    for region, first in ((MAINLAND, date(2027, 1, 1)), (HONG_KONG, date(2028, 1, 1)), (MACAO, date(2028, 1, 1))):
        assert not is_provisional(first - timedelta(days=1), region)
        assert is_provisional(first, region)
        assert not is_provisional(datetime(first.year - 1, 12, 31, 15, 59, tzinfo=UTC), region)
        assert is_provisional(datetime(first.year - 1, 12, 31, 16, 30, tzinfo=UTC), region)  # 00:30 in Hong Kong
        assert calendar_of(region).after(date(2031, 3, 3), 5) == date(2031, 3, 10)


def test_a_notice_runs_over_the_spring_festival() -> None:
    put_up = datetime(2027, 2, 3, 2, tzinfo=UTC)
    ends = {region: end_after(put_up, 5, region).date() for region in (MAINLAND, HONG_KONG, MACAO)}
    assert ends == {MAINLAND: date(2027, 2, 16), HONG_KONG: date(2027, 2, 12), MACAO: date(2027, 2, 11)}


def test_a_calendar_that_lacks_something_is_refused() -> None:
    file = Path(__file__).parents[3] / "scenario_hall/outcomes/plan/data/holidays.json"
    stored = json.loads(file.read_text(encoding="utf-8"))["macao"]
    for name in stored:
        with pytest.raises(ValueError, match=name):
            Calendar.model_validate({key: value for key, value in stored.items() if key != name})


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
