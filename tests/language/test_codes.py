"""Words, numbers and codes in Latin letters and digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.codes import codes_in


@pytest.mark.parametrize(
    ("piece", "texts"),
    [
        ("m300-rtk", ["m300rtk"]),
        ("5g/6g", ["5g", "6g"]),
        ("1.5-2.0m", ["1.5", "2.0m"]),
        ("1,200.5kg", ["1200.5kg"]),
        ("2,5mpa", ["2.5mpa"]),
        ("1,2,3", ["1", "2", "3"]),
        ("192.168.1.1", ["192.168.1.1"]),
        ("node.js", ["nodejs"]),
    ],
)
def test_a_piece_is_taken_apart_where_it_is_several(piece: str, texts: list[str]) -> None:
    assert [code.text for code in codes_in(piece)] == texts


@given(st.text(st.sampled_from("abz059.,-/_+'é°%"), max_size=20))
def test_no_digit_is_lost(piece: str) -> None:
    assert "".join(filter(str.isdigit, "".join(code.text for code in codes_in(piece)))) == "".join(
        filter(str.isdigit, piece)
    )
