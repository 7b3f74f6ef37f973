"""Letters come at 8:00 in Hong Kong, on the next day of their rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.alerts.models import Rhythm
from scenario_hall.alerts.times import due_at
from scenario_hall.core.clock import HONG_KONG, last_morning, next_morning

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(moments)
def test_the_next_morning_is_the_first_eight_o_clock_to_come(moment: datetime) -> None:
    morning, monday = next_morning(moment), next_morning(moment, weekday=0)
    assert moment < morning <= moment + timedelta(days=1)
    assert moment < monday <= moment + timedelta(days=7)
    assert last_morning(moment) <= moment
    for each in (morning, monday, last_morning(moment)):
        assert (each.astimezone(HONG_KONG).hour, each.astimezone(HONG_KONG).minute) == (8, 0)
    assert monday.astimezone(HONG_KONG).weekday() == 0


@given(moments)
def test_each_rhythm_has_its_time_and_none_has_none(moment: datetime) -> None:
    assert due_at(Rhythm.AT_ONCE, moment) == moment
    assert due_at(Rhythm.AT_ONCE, moment, is_of_many=True) == due_at(Rhythm.DAILY, moment) == next_morning(moment)
    assert due_at(Rhythm.WEEKLY, moment, is_of_many=True) == next_morning(moment, weekday=0)
    assert due_at(Rhythm.NONE, moment) is None
