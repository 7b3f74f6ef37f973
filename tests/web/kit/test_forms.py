"""Fields that several forms share."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from scenario_hall.core.clock import end_of_local_day
from scenario_hall.web.kit.forms import HongKongTimeField, WholeSumField


class SumForm(Form):
    amount = WholeSumField("Sum")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("500000", 500_000),
        ("50万", 500_000),
        ("１.２億元", 120_000_000),
        ("1，000 000", 1_000_000),
        ("", None),
        ("1.5万", 15_000),
        ("300w", 3_000_000),
        ("50 mil", 50_000),
        ("1'200'000", 1_200_000),
        ("三百万", 3_000_000),
        ("1,5 mil", 1_500),
    ],
)
def test_a_sum_is_read_with_its_scale_and_separators(written: str, amount: int | None) -> None:
    form = SumForm(MultiDict({"amount": written}))
    assert form.validate() and form.amount.data == amount


@pytest.mark.parametrize(
    "written",
    ["inf", "nan", "1e999", "much", "元", "1.5", "99.6", "500.000", "1.5.3", "1,5", "-5", "3-5万", "HK$500", "300 xyz"],
)
def test_what_is_no_sum_is_an_error_of_the_field(written: str) -> None:
    form = SumForm(MultiDict({"amount": written}))
    assert not form.validate() and form.amount.errors and form.amount.data is None


class MomentForm(Form):
    ends = HongKongTimeField("Deadline")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-08T17:00", datetime(2026, 12, 8, 9, tzinfo=UTC)),
        ("2026-12-08T00:30", datetime(2026, 12, 7, 16, 30, tzinfo=UTC)),
        ("2026-12-08T23:59", end_of_local_day(date(2026, 12, 8))),
        ("", None),
    ],
)
def test_a_moment_is_typed_in_hong_kong_time_and_shown_as_it_was_typed(written: str, moment: datetime | None) -> None:
    form = MomentForm(MultiDict({"ends": written}))
    assert form.validate() or not written
    assert form.ends.moment == moment
    assert f'value="{written}"' in str(MomentForm(data={"ends": moment}).ends())


def test_what_can_be_read_in_two_ways_is_told_with_both_and_kept() -> None:
    form = SumForm(MultiDict({"amount": "500.000"}))
    assert not form.validate() and "500 / 500,000" in str(form.amount.errors[0])
    assert 'value="500.000"' in str(form.amount())


def test_a_date_without_a_picker_is_read_as_people_write_it() -> None:
    form = MomentForm(MultiDict({"ends": "30 de junho de 2027"}))
    assert form.validate() and form.ends.moment == end_of_local_day(date(2027, 6, 30))
    form = MomentForm(MultiDict({"ends": "2027年春节前"}))
    assert not form.validate() and "2027年春节前" in str(form.ends.errors[0])
