"""Digits with separators."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.separators import Point, readings


@given(st.integers(0, 10**12))
def test_groups_of_three_are_one_number_whatever_is_between_them(number: int) -> None:
    for sign in (" ", "'", "’"):
        assert readings(f"{number:,}".replace(",", sign)) == (Decimal(number),)
    assert readings(f"{number:,}.25") == readings(f"{number:,}".replace(",", ".") + ",25") == (Decimal(f"{number}.25"),)


@pytest.mark.parametrize("written", ["500.000", "1.500", "12.345"])
def test_a_point_before_three_digits_is_read_in_two_ways(written: str) -> None:
    assert readings(written) == (Decimal(written), Decimal(written.replace(".", "")))
    assert readings(written, Point.POINT) == (Decimal(written),)
    assert readings(written, Point.COMMA) == (Decimal(written.replace(".", "")),)


def test_a_comma_before_three_digits_groups_but_among_portuguese_words() -> None:
    assert readings("1,500") == (Decimal(1500),)
    assert readings("1,500", Point.PORTUGUESE) == (Decimal("1.5"), Decimal(1500))


@pytest.mark.parametrize("written", ["12,34,567", "1.2.3", "1,234.567,8", "1,2345"])
def test_groups_that_make_no_number_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="number"):
        readings(written)
