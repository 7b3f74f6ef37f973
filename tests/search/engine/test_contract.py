"""What every engine of the search owes: what is in it is found, its cursor moves with it, a rebuild is swapped in whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.core.errors import StaleCursor
from scenario_hall.search.engine.index import FACETS, IndexDocument, SearchIndex, SearchQuery, Sort
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from tests.search.conftest import EngineMaker
from tests.search.engine.test_hostile import HOSTILE

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def document(code: str, title: str = "题目", **other: object) -> IndexDocument:
    values: dict[str, object] = {
        "kind": "scenario",
        "code": code,
        "title": title,
        "summary": "",
        "body": "正文",
        "organization": "湾澜港务",
        "tags": (),
        "domains": ("low-altitude",),
        "region": ("440300",),
        "state": "released",
        "open": True,
        "budget_low": None,
        "budget_high": None,
        "readiness": None,
        "deadline": None,
        "posted": NOW,
        "tag_words": "",
    }
    return IndexDocument(**{**values, **other})  # type: ignore[arg-type]


def codes(index: SearchIndex, text: str = "", **filters: object) -> list[str]:
    return [hit.code for hit in index.search(SearchQuery(text=text, **filters), NOW).hits]  # type: ignore[arg-type]


def test_a_record_is_found_if_and_only_if_it_is_in(new_index: EngineMaker) -> None:
    is_remote = isinstance(new_index()(), OpenSearchIndex)

    @settings(max_examples=3 if is_remote else 15)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=8))
    def check(steps: list[tuple[bool, int]]) -> None:
        opened = new_index()
        index, inside = opened(), set()
        for position, (puts, number) in enumerate(steps, start=1):
            code = f"S-2026-{number:06d}"
            index.apply([document(code, f"唯一词汇{number}号")] if puts else [], [] if puts else [code], position)
            (inside.add if puts else inside.discard)(code)
            assert index.position() == position
            assert opened().position() == position
        assert set(codes(index)) == inside
        assert index.count() == len(inside)

    check()


def test_either_script_finds_both(index: SearchIndex) -> None:
    index.apply([document("S-1", "碼頭無人機巡檢"), document("S-2", "码头无人机巡检")], [], 1)
    assert set(codes(index, "無人機")) == set(codes(index, "无人机")) == {"S-1", "S-2"}


def test_a_query_of_unknown_words_falls_back_to_characters_and_says_so(index: SearchIndex) -> None:
    index.apply([document("S-1", "岸桥巡检")], [], 1)
    result = index.search(SearchQuery(text="桥"), NOW)
    assert result.is_widened and [hit.code for hit in result.hits] == ["S-1"]


def test_phrases_exclusions_and_fields(index: SearchIndex) -> None:
    index.apply([document("S-1", "岸桥钢结构巡检"), document("S-2", "钢结构厂房巡检", organization="另一单位")], [], 1)
    assert codes(index, '"岸桥钢结构"') == ["S-1"]
    assert codes(index, "巡检 -厂房") == ["S-1"]
    assert codes(index, "org:另一单位") == ["S-2"]


def test_filters_facets_and_sorting(index: SearchIndex) -> None:
    rows = [
        document("S-1", budget_low=1e5, budget_high=2e5, deadline=NOW + timedelta(days=9)),
        document("S-2", region=("810000",), deadline=NOW + timedelta(days=3), posted=NOW - timedelta(days=40)),
        document("P-1", kind="product", state="listed", domains=("marine",), readiness=8),
        document("S-3", state="closed"),
        document("S-4", deadline=NOW - timedelta(minutes=1)),
    ]
    index.apply(rows, [], 1)
    assert set(codes(index)) == {"S-1", "S-2", "P-1"}
    assert set(codes(index, include_closed=True)) == {"S-1", "S-2", "S-3", "S-4", "P-1"}
    assert codes(index, states=("expired",)) == ["S-4"]
    assert codes(index, regions=("810000",)) == ["S-2"]
    assert codes(index, budget_min=15e4) == ["S-1"]
    assert codes(index, readiness_min=7) == ["P-1"]
    assert set(codes(index, posted_since=NOW - timedelta(days=7))) == {"S-1", "P-1"}
    assert codes(index, kind="scenario", sort=Sort.DEADLINE) == ["S-2", "S-1"]
    facets = index.search(SearchQuery(kind="scenario", regions=("810000",)), NOW).facets
    assert facets["kind"] == {"scenario": 1}
    assert facets["region"] == {"440300": 1, "810000": 1}
    everything = index.search(SearchQuery(), NOW).facets
    assert everything["budget"] == {"-300000": 1}
    assert everything["readiness"] == {"4": 1, "6": 1, "8": 1}
    assert everything["deadline"] == {"7": 1, "30": 2, "90": 2}
    assert everything["posted"] == {"7": 2, "30": 2, "90": 3}


def test_pages_do_not_overlap(index: SearchIndex) -> None:
    index.apply([document(f"S-{number}") for number in range(7)], [], 1)
    pages = [codes(index, page=page, page_size=3) for page in (1, 2, 3)]
    assert sorted(code for page in pages for code in page) == sorted(f"S-{number}" for number in range(7))


def test_a_rebuild_is_swapped_in_while_a_reader_searches(new_index: EngineMaker) -> None:
    opened = new_index()
    index, reader = opened(), opened()
    index.apply([document("S-1", "岸桥")], [], 1)
    assert codes(reader) == ["S-1"]

    def documents() -> Iterable[IndexDocument]:
        assert codes(reader) == ["S-1"]  # the old index answers until the new one is whole
        yield document("S-2", "新港")

    assert index.rebuild(documents(), 9) == 1
    assert codes(reader) == ["S-2"]
    assert reader.position() == 9


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: SearchIndex) -> None:
    index.apply([document("S-1")], [], 1)

    def documents() -> Iterable[IndexDocument]:
        yield document("S-2")
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        index.rebuild(documents(), 9)
    assert (codes(index), index.position()) == (["S-1"], 1)


def test_of_two_workers_that_read_the_same_cursor_one_is_refused(new_index: EngineMaker) -> None:
    opened = new_index()
    first, second = opened(), opened()
    first.apply([document("S-1", "岸桥")], [], 10)
    first.apply([document("S-1", "新港")], [], 30, after=10)
    with pytest.raises(StaleCursor):
        second.apply([document("S-1", "岸桥")], [], 20, after=10)
    assert codes(first, "新港") == ["S-1"] and codes(first, "岸桥") == []
    assert first.position() == 30


def test_a_worker_whose_index_was_rebuilt_meanwhile_reads_the_cursor_again(new_index: EngineMaker) -> None:
    opened = new_index()
    worker, other = opened(), opened()
    worker.apply([document("S-1")], [], 10)
    other.rebuild([document("S-1")], 5)
    with pytest.raises(StaleCursor):
        worker.apply([document("S-2")], [], 20, after=10)
    worker.apply([document("S-2")], [], 20, after=5)
    assert set(codes(other)) == {"S-1", "S-2"}


def test_the_same_batch_again_changes_nothing(index: SearchIndex) -> None:
    batch = [document("S-1", "岸桥"), document("S-2", "闸口")]
    index.apply([*batch, document("S-3")], [], 4)
    for _ in range(2):
        index.apply(batch, ["S-3"], 5)
    assert set(codes(index)) == {"S-1", "S-2"}
    assert (index.position(), index.count()) == (5, 2)


def test_it_says_by_which_rules_its_words_were_cut(new_index: EngineMaker) -> None:
    opened = new_index()
    index = opened()
    assert index.rules() == ""
    index.apply([document("S-1")], [], 1, rules="one")
    index.apply([document("S-2")], [], 2, rules="two")
    assert opened().rules() == "one"  # most of its words still are
    index.rebuild([document("S-1")], 2, rules="two")
    assert opened().rules() == "two"


def test_an_empty_index_finds_nothing_and_stands_at_the_beginning(index: SearchIndex) -> None:
    assert (index.position(), index.count(), codes(index), codes(index, "岸桥")) == (0, 0, [], [])
    assert index.search(SearchQuery(), NOW).facets == {name: {} for name in FACETS}


def test_no_query_errors(index: SearchIndex) -> None:
    index.apply([document("S-1", "岸桥巡检 drone")], [], 1)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(text=st.text(max_size=80) | HOSTILE)
    def check(text: str) -> None:
        found = index.search(SearchQuery(text=text, synonyms=("drone", "无人驾驶航空器"), include_closed=True), NOW)
        assert found.total <= 1

    check()


LONGEST = "".join(chr(0x4E00 + number * 7) for number in range(400))


MIXED = f'{LONGEST[:100]} "{LONGEST[100:250]}" {LONGEST[250:300]} "{LONGEST[300:390]}"'


@pytest.mark.parametrize(
    "text",
    [
        LONGEST,
        MIXED,
        MIXED.replace(" ", " OR "),
        f'"{LONGEST[:198]}"',
        "\ud800",
        "\x00",
        "x" * 400,
        " ".join("a" * 200),
    ],
)
def test_the_longest_and_oddest_queries_are_answered(index: SearchIndex, text: str) -> None:
    index.apply([document("S-1", LONGEST), document("S-2")], [], 1)
    names = tuple(LONGEST[start : start + 60] for start in range(0, 400, 50))
    result = index.search(SearchQuery(text=text, synonyms=names), NOW)
    assert {hit.code for hit in result.hits} <= {"S-1", "S-2"}


def test_a_page_beyond_the_last_is_empty_and_says_how_many_there_are(index: SearchIndex) -> None:
    index.apply([document("S-1")], [], 1)
    result = index.search(SearchQuery(page=10**9), NOW)
    assert (result.hits, result.total) == ((), 1)


def test_words_beside_a_phrase_help_and_alternatives_do(index: SearchIndex) -> None:
    index.apply([document("S-1", "岸桥巡检"), document("S-2", "闸口识别"), document("S-3", "岸桥闸口")], [], 1)
    assert codes(index, '"岸桥" 闸口') == ["S-3", "S-1"]
    assert set(codes(index, '"岸桥" OR "识别"')) == {"S-1", "S-2", "S-3"}
    assert codes(index, "-岸桥") == ["S-2"]


def test_another_name_counts_less_than_the_word_itself(index: SearchIndex) -> None:
    index.apply([document("S-1", "UAV 巡检"), document("S-2", "无人机巡检"), document("S-3", "机器人")], [], 1)
    assert codes(index, "无人机", synonyms=("UAV",)) == ["S-2", "S-1"]


def test_budgets_sort_from_the_highest_and_the_unknown_come_last(index: SearchIndex) -> None:
    rows = [document("S-1"), document("S-2", budget_high=5e5), document("S-3", budget_low=9e5, budget_high=2e6)]
    index.apply(rows, [], 1)
    assert codes(index, sort=Sort.BUDGET) == ["S-3", "S-2", "S-1"]
    assert codes(index, budget_max=6e5) == ["S-2"]


def test_tags_are_a_filter_and_a_field(index: SearchIndex) -> None:
    index.apply([document("S-1", tags=("uav",), tag_words="无人机 ; drone"), document("S-2")], [], 1)
    assert codes(index, tags=("uav",)) == ["S-1"] == codes(index, "tag:uav")
    assert codes(index, "drones") == ["S-1"]


def test_what_is_past_its_deadline_is_counted_as_expired_at_once(index: SearchIndex) -> None:
    rows = [document("S-1", deadline=NOW - timedelta(minutes=1)), document("S-2"), document("S-3", state="closed")]
    index.apply(rows, [], 1)
    facets = index.search(SearchQuery(include_closed=True), NOW).facets
    assert facets["status"] == {"closed": 1, "expired": 1, "released": 1}
    assert set(codes(index, states=("released", "expired"))) == {"S-1", "S-2"}
    assert codes(index, states=("released",)) == ["S-2"]
