"""Numbers in words before a unit."""

from __future__ import annotations

import pytest

from scenario_hall.quantities.number_words import number_words_as_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("飞行高度三千米以上", "飞行高度3000米以上"),
        ("一万二千小时", "12000小时"),
        ("两三米", "3米"),
        ("十万级洁净", "十万级洁净"),
        ("一级以上学会", "一级以上学会"),
        ("零下25度", " -25度"),
        ("within six minutes", "within 6   minutes"),
        ("2日内", "2天内"),
    ],
)
def test_number_words_before_a_unit_become_digits(text: str, digits: str) -> None:
    assert number_words_as_digits(text) == digits
