"""The hall's clock: a day is Hong Kong's, and ends with the next midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core import clock
from scenario_hall.core.clock import HONG_KONG, end_of_local_day, local_day, local_minute, now


def test_a_deadline_without_a_time_lasts_up_to_but_not_including_midnight() -> None:
    end, midnight = end_of_local_day(date(2026, 12, 8)), datetime(2026, 12, 9, tzinfo=HONG_KONG)
    for moment in (midnight - timedelta(seconds=30), midnight - timedelta(milliseconds=1)):
        with clock.at(moment):
            assert now() < end
            assert local_day(now()) == date(2026, 12, 8)
    with clock.at(midnight):
        assert end < now()
        assert local_day(now()) == date(2026, 12, 9)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_end_of_a_day_lies_in_that_day_and_is_stored_in_utc(day: date) -> None:
    end = end_of_local_day(day)
    assert local_day(end) == day
    assert end.tzinfo is UTC
    assert local_day(end + timedelta(microseconds=1)) == day + timedelta(days=1)


def test_a_moment_is_read_out_in_hong_kong_time() -> None:
    assert local_minute(datetime(2026, 12, 7, 16, 30, tzinfo=UTC)) == "2026-12-08 00:30 HKT"
