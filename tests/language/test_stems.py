"""Stems, accents, and the language of a text."""

from __future__ import annotations

import pytest

from scenario_hall.language.stems import is_portuguese, stems, without_accents


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("inspeção", "inspecao"),
        ("søknad", "soknad"),
        ("łódź", "lodz"),
        ("œuvre", "oeuvre"),
        ("άλφα", "αλφα"),
        ("всё", "все"),
    ],
)
def test_a_word_is_compared_without_its_accents(word: str, plain: str) -> None:
    assert without_accents(word) == plain


@pytest.mark.parametrize("word", ["й", "が", "가", "ก้", "无"])
def test_what_is_a_letter_of_its_own_stays(word: str) -> None:
    assert without_accents(word) == word


def test_plurals_and_both_spellings_meet_in_portuguese() -> None:
    assert set(stems("inspecções", True)) & set(stems("inspeção", True))


def test_the_words_that_join_tell_the_language() -> None:
    assert is_portuguese("inspecção dos painéis") and not is_portuguese("inspection of the panels")
