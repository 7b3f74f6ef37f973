"""Fields that several forms share."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from scenario_hall.web.kit.forms import WholeSumField


class SumForm(Form):
    amount = WholeSumField("Sum")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("500000", 500_000), ("50万", 500_000), ("１.２億元", 120_000_000), ("1，000 000", 1_000_000), ("", None)],
)
def test_a_sum_is_read_with_its_scale_and_separators(written: str, amount: int | None) -> None:
    form = SumForm(MultiDict({"amount": written}))
    assert form.validate() and form.amount.data == amount


@pytest.mark.parametrize("written", ["inf", "nan", "1e999", "much", "元"])
def test_what_is_no_sum_is_an_error_of_the_field(written: str) -> None:
    form = SumForm(MultiDict({"amount": written}))
    assert not form.validate() and form.amount.errors and form.amount.data is None
