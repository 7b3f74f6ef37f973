"""Characters that are found as others."""

from __future__ import annotations

import unicodedata

import pytest

from scenario_hall.language.folding import fold
from scenario_hall.language.variants import radicals, variants


@pytest.mark.parametrize(
    "pair", "黏粘 矽硅 砲炮 鎗枪 煖暖 靑青 簷檐 検检 気气 関关 溌泼 銲焊 鎔熔 鈽钚 隄堤 甎砖 牕窗".split()
)
def test_a_variant_is_found_as_the_standard_character(pair: str) -> None:
    assert fold(pair[0]) == fold(pair[1]) == pair[1]


def test_folding_what_is_folded_changes_nothing() -> None:
    for table in (variants(), radicals()):
        for variant in table:
            assert fold(fold(chr(variant))) == fold(chr(variant)) != ""


def test_every_radical_is_an_ideograph_afterwards() -> None:
    # U+2E80 alone stands for no ideograph; U+2E95 for one that this Python may not know yet.
    found = [fold(chr(code)) for code in range(0x2E81, 0x2FD6) if unicodedata.name(chr(code), "")]
    assert all(len(each) == 1 and unicodedata.category(each) in ("Lo", "Cn") for each in found)
