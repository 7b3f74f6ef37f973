"""A sentence before its quantities are read."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.quantities.masks import masked, squeezed
from scenario_hall.quantities.quantities import read_quantities


def mask(text: str) -> str:
    return masked(text, tuple(range(len(text) + 1)))[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("符合gb/t 1234-2015,载重5kg", ",载重5kg"),
        ("2019年12月建成,功率3kw", "建成,功率3kw"),
        ("快充时间(20%到80%)仅30分钟", "快充时间仅30分钟"),
        ("噪声不大于69db(80km/h匀速)", "噪声不大于69db()"),
        ("每周7天,每天8小时", ",每天8小时"),
        ("centre wavelength 1080", "centre wavelength 1080"),
    ],
)
def test_what_only_looks_like_a_quantity_is_blanked(text: str, left: str) -> None:
    assert mask(text).replace(" ", "").endswith(left.replace(" ", ""))


def test_a_range_said_in_words_is_written_as_one() -> None:
    assert mask("between 0 and 50") == "between 0 ~ 50"
    assert mask("在7.0和7.5之间") == "在7.0~7.5之间"


@given(st.text(max_size=120))
def test_every_place_keeps_its_origin(text: str) -> None:
    left, origins = masked(text, tuple(range(len(text) + 1)))
    assert len(origins) == len(left) + 1 and origins[-1] == len(text)
    assert list(origins) == sorted(set(origins))


@given(st.text(alphabet=" \t\n\u3000ab1", max_size=60))
def test_a_run_of_white_space_is_one_blank_at_the_place_where_it_begins(text: str) -> None:
    left, origins = squeezed(text, tuple(range(len(text) + 1)))
    assert left == re.sub(r"\s+", " ", text)
    assert all(text[place] == character or character == " " for character, place in zip(left, origins, strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 9000 + "b",
        "1" + " " * 9000 + "月 1",
        "1月1日" * 2000,
        "2026年1月1日" * 1111,
        "IP67 " * 2000,
        "5 " * 5000,
    ],
    ids=["blanks", "blanks in a date", "dates", "long dates", "IP67", "bare numbers"],
)
def test_no_text_of_a_lawful_field_takes_long(text: str) -> None:
    """It took 92 seconds for a column of dates; a page reads such a text when a form opens."""
    began = time.process_time()
    read_quantities(text)
    assert time.process_time() - began < 2.0
