"""Suggestions by characters, pinyin and initials."""

from __future__ import annotations

import pytest

from scenario_hall.search.suggest import Suggestion, SuggestionBook

BOOK = SuggestionBook(
    [
        Suggestion("低空经济", "domain", "low-altitude"),
        Suggestion("低空通信", "tag", "low-altitude-comms"),
        Suggestion("智能机器人", "domain", "robots"),
        Suggestion("Drone inspection", "tag", "uav-inspection"),
    ]
)


@pytest.mark.parametrize("typed", ["dkjj", "dikongjing", "低空經", "低空经济", "DKJJ"])
def test_one_thing_is_found_by_many_spellings(typed: str) -> None:
    assert BOOK.find(typed)[0].label == "低空经济"


def test_what_begins_comes_before_what_contains() -> None:
    assert [each.label for each in BOOK.find("机器")] == ["智能机器人"]
    assert BOOK.find("insp")[0].label == "Drone inspection"


def test_nothing_typed_suggests_nothing() -> None:
    assert BOOK.find("  ") == []
