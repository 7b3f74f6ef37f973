"""The query box never errors and is bounded."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.clock import HONG_KONG
from scenario_hall.search.query import MAX_CHARACTERS, MAX_CLAUSES, Occurrence, parse, plain_words


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


@pytest.mark.parametrize(
    "written", ["budget:30万..100万", "budget:30萬..100萬", "budget:30w..100W", "budget:300000..1,000,000"]
)
def test_sums_are_read_however_they_are_written(written: str) -> None:
    assert parse(written).filters == {"budget_min": 300_000, "budget_max": 1_000_000}


@pytest.mark.parametrize("written", ["deadline:..2027-03-31", "deadline:..2027/3/31", "deadline:..2027-03"])
def test_a_day_or_the_whole_month_is_the_limit(written: str) -> None:
    assert parse(written).filters["deadline_before"] == datetime(2027, 3, 31, 23, 59, 59, 999999, tzinfo=HONG_KONG)


def test_a_filter_that_cannot_be_read_is_searched_as_words_and_named() -> None:
    found = parse("region:火星 巡检")
    assert found.misread == ("region:火星",) and not found.filters
    assert [clause.text for clause in found.clauses] == ["region 火星", "巡检"]


@pytest.mark.parametrize("written", ["deadline:..9999-12", "posted:9999-12-31..", "deadline:0001-01", "budget:k..w"])
def test_a_limit_that_no_calendar_has_is_no_filter(written: str) -> None:
    found = parse(written)
    assert found.misread == (written,) and not found.filters


def test_not_and_and_are_no_words() -> None:
    found = parse("巡检 AND 港口 NOT 无人机").clauses
    assert [(clause.text, clause.occurrence) for clause in found] == [
        ("巡检", Occurrence.SHOULD),
        ("港口", Occurrence.SHOULD),
        ("无人机", Occurrence.NOT),
    ]


def test_not_before_a_filter_does_not_turn_the_next_word() -> None:
    found = parse("NOT region:深圳 巡检").clauses
    assert [(clause.text, clause.occurrence) for clause in found] == [
        ("region 深圳", Occurrence.NOT),
        ("巡检", Occurrence.SHOULD),
    ]


def test_other_names_stand_for_words_only() -> None:
    assert plain_words('巡检 -无人机 "岸桥" org:港口') == "巡检"
