"""Portuguese numbers in words as digits, place by place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.portuguese_numbers import portuguese_numbers


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("em quatro horas e meia", "em 4,5 horas"),
        ("em 3 horas e meia", "em 3,5 horas"),
        ("mais de meia hora", "mais de 0,5 hora"),
        ("dez litros", "10 litros"),
        ("um robô e dois braços", "um robô e dois braços"),
        ("em 1h15min", "em 75min"),
        ("até 15 graus negativos", "até-15 graus"),
        ("a menos 30 °c", "a -30 °c"),
        ("de, pelo menos, 9 kg", "de pelo menos 9 kg"),
    ],
)
def test_words_become_digits(text: str, plain: str) -> None:
    # The sign takes the blank, so that the unit stays in its place.
    assert " ".join(portuguese_numbers(text).split()) == plain


PIECES = [
    "duas ",
    "horas",
    " e meia",
    "meia hora",
    "2 h 30 min",
    "15 graus negativos",
    ", no mínimo, 5",
    "menos 3 graus",
]


@given(st.lists(st.sampled_from([*PIECES, " ", "x", "9"]), max_size=12).map("".join))
def test_every_place_keeps_its_origin(text: str) -> None:
    assert len(portuguese_numbers(text)) == len(text)
