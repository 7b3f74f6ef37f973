"""The catalogue of kinds of notice, against the letters that there are."""

from __future__ import annotations

from scenario_hall.notices.kinds import KIND_OF_LETTER, KINDS, KINDS_BY_NAME
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.models import Notice


def test_every_letter_is_of_exactly_one_kind() -> None:
    named = [letter for kind in KINDS for letter in kind.letters]
    assert sorted(named) == sorted(LETTERS) and set(KIND_OF_LETTER) == set(LETTERS)


def test_names_fit_the_columns_and_every_kind_says_why() -> None:
    columns = Notice.__table__.c  # type: ignore[attr-defined]
    assert max(map(len, LETTERS)) <= columns["letter"].type.length
    assert max(map(len, KINDS_BY_NAME)) <= columns["kind"].type.length
    assert len(KINDS_BY_NAME) == len(KINDS) and all(kind.title and kind.reason for kind in KINDS)
