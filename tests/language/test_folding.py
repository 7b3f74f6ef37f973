"""One spelling for one text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.folding import fold, fold_name, fold_with_origins


def test_full_width_case_and_script_are_folded() -> None:
    assert fold("ＵＡＶ無人機") == "uav无人机"


def test_names_are_the_same_whatever_space_is_between_their_words() -> None:
    assert fold_name("  Smart\u3000 Grid ") == fold_name("smart grid") == "smart grid"


@given(st.text(max_size=40))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, origins = fold_with_origins(text)
    assert len(origins) == len(folded) + 1 and origins[-1] == len(text)
    assert list(origins) == sorted(origins)


@given(st.text(max_size=40))
def test_a_character_that_becomes_two_changes_nothing_of_those_before_it(text: str) -> None:
    """Texts of characters that fold one to one are folded in one go, all others piece by piece: both the same."""
    folded, origins = fold_with_origins(text)
    with_ligature, its_origins = fold_with_origins(text + "ﬁ")
    assert with_ligature == folded + "fi"
    assert its_origins == (*origins[:-1], len(text), len(text), len(text) + 1)
