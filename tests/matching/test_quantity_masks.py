"""A sentence before its quantities are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.matching.quantity_masks import masked


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
    assert masked(text).replace(" ", "").endswith(left.replace(" ", ""))


def test_a_range_said_in_words_is_written_as_one() -> None:
    assert masked("between 0 and 50") == "between 0  ~  50"
    assert masked("在7.0和7.5之间") == "在7.0~7.5之间"


@given(st.text(max_size=120))
def test_every_place_stays_where_it_was(text: str) -> None:
    assert len(masked(text)) == len(text)
