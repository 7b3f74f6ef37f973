"""Where a script ends."""

from __future__ import annotations

import re

import pytest

from scenario_hall.language import scripts


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("HAN", "〇々無𠮷𫔶𬭎𰻞"),
        ("LATIN", "azéßøłıəḿ"),
        ("GREEK", "γΩά"),
        ("CYRILLIC", "дёљ"),
        ("HIRAGANA", "のー"),
        ("KATAKANA", "ドー"),
        ("HANGUL", "드ᄃ"),
    ],
)
def test_the_letters_of_a_script_are_in_its_class_and_in_no_other(name: str, letters: str) -> None:
    classes = ("HAN", "LATIN", "GREEK", "CYRILLIC", "HANGUL")
    for letter in letters:
        assert re.fullmatch(f"[{getattr(scripts, name)}]", letter), letter
        assert all(each == name or not re.fullmatch(f"[{getattr(scripts, each)}]", letter) for each in classes), letter


def test_letters_of_rare_scripts_part_where_the_script_changes() -> None:
    assert scripts.runs("רחפןطائرة") == [(0, 4), (4, 9)]
    assert scripts.runs("") == []
