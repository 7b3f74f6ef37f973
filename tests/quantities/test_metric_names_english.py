"""Where English prose names what it measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.metric_names_english import english_name


@pytest.mark.parametrize(
    ("before", "behind", "name"),
    [
        ("endurance of at least ", " min", "endurance"),
        ("flow must be greater than ", ", with peep set", "flow"),
        ("tidal volume must be adjustable from ", "", "tidal volume"),
        ("wind on the ground must not exceed ", " before launch", "wind on the ground"),
        ("a fixed-wing drone carrying ", " payload in a cold box", "payload"),
        ("", " endurance, hot swap", "endurance"),
        ("runs ", " per charge", "per charge"),
        ("kerb weight max. ", "", "kerb weight"),
    ],
)
def test_the_name_stands_before_the_number_or_behind_it(before: str, behind: str, name: str) -> None:
    first, second = english_name(before, behind)
    found = before[slice(*first)] if first is not None else behind[slice(*second)] if second is not None else ""
    assert found == name


def test_a_second_value_for_another_case_shares_the_name_of_the_first() -> None:
    assert english_name(" for brackish water and ", " for seawater") == (None, None)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_is_a_span_of_what_is_there(before: str, behind: str) -> None:
    for text, span in zip((before, behind), english_name(before, behind), strict=True):
        assert span is None or 0 <= span[0] < span[1] <= len(text)
