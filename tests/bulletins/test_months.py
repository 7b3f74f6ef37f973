"""Months begin and end at midnight in Hong Kong, and each knows its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.bulletins.months import Month

MONTHS = st.builds(Month, st.integers(2000, 2999), st.integers(1, 12))


def test_a_month_ends_at_midnight_in_hong_kong() -> None:
    november = Month(2026, 11)
    assert november.end == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert Month.of(november.end) == Month(2026, 12)
    assert Month.of(november.end - timedelta(milliseconds=1)) == november


@given(MONTHS)
def test_months_follow_one_another_without_a_gap(month: Month) -> None:
    later = month.next()
    assert month < later and later.previous() == month and month.end == later.start
    assert (later.first_day - month.last_day).days == 1
    assert Month.of(month.start) == month == Month.read(month.code) == Month.of_key(month.key)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "1999-12", "２０２６-11", "2026-11-01", "2026_11"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert Month.read(text) is None
