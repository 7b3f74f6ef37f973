"""Whole numbers from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.bounds import LARGEST_ID, whole_number


@given(st.integers(0, LARGEST_ID))
def test_what_is_written_in_digits_is_read(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("text", ["", " 1", "1\n", "-1", "+1", "²", "１", "1e3", "1.0", "9" * 19, "9" * 5000, "0x1"])
def test_what_is_no_plain_number_in_bounds_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_the_bounds_belong_to_it() -> None:
    assert [whole_number(str(number), 1, 3) for number in range(5)] == [None, 1, 2, 3, None]
