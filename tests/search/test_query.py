"""The query box never errors and is bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.search.query import MAX_CHARACTERS, MAX_CLAUSES, Occurrence, parse


def test_words_phrases_exclusions_and_fields() -> None:
    found = parse('无人机 "岸桥 巡检" -玩具 title:港口 foo:bar OR 机器人').clauses
    assert [(clause.text, clause.occurrence, clause.field, clause.is_phrase) for clause in found] == [
        ("无人机", Occurrence.SHOULD, "", False),
        ("岸桥 巡检", Occurrence.SHOULD, "", True),
        ("玩具", Occurrence.NOT, "", False),
        ("港口", Occurrence.SHOULD, "title", False),
        ("foo bar", Occurrence.SHOULD, "", False),
        ("机器人", Occurrence.SHOULD, "", False),
    ]


@given(st.text(max_size=600))
def test_nothing_errors_and_nothing_grows_without_bound(text: str) -> None:
    found = parse(text).clauses
    assert len(found) <= MAX_CLAUSES
    assert sum(len(clause.text) for clause in found) <= 2 * MAX_CHARACTERS


def test_wildcards_are_searched_as_the_words_around_them() -> None:
    assert [clause.text for clause in parse("*机 无?人 ~~").clauses] == ["机", "无 人"]
