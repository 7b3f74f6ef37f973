"""The index: what is in it is found, its cursor is stored with it, a rebuild is swapped in whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.core.errors import StaleCursor
from scenario_hall.search.engine.index import IndexDocument, SearchQuery, Sort
from scenario_hall.search.engine.whoosh_index import WhooshIndex

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


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    return WhooshIndex(tmp_path)


def codes(index: WhooshIndex, text: str = "", **filters: object) -> list[str]:
    return [hit.code for hit in index.search(SearchQuery(text=text, **filters), NOW).hits]  # type: ignore[arg-type]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=8))
def test_a_record_is_found_if_and_only_if_it_is_in(tmp_path: Path, steps: list[tuple[bool, int]]) -> None:
    folder = tmp_path / f"index-{len(list(tmp_path.iterdir()))}"
    index, inside = WhooshIndex(folder), set()
    for position, (puts, number) in enumerate(steps, start=1):
        code = f"S-2026-{number:06d}"
        index.apply([document(code, f"唯一词汇{number}号")] if puts else [], [] if puts else [code], position)
        (inside.add if puts else inside.discard)(code)
        assert index.position() == position
        assert WhooshIndex(folder).position() == position
    assert set(codes(index)) == inside
    assert index.count() == len(inside)


def test_either_script_finds_both(index: WhooshIndex) -> None:
    index.apply([document("S-1", "碼頭無人機巡檢"), document("S-2", "码头无人机巡检")], [], 1)
    assert set(codes(index, "無人機")) == set(codes(index, "无人机")) == {"S-1", "S-2"}


def test_a_query_of_unknown_words_falls_back_to_characters_and_says_so(index: WhooshIndex) -> None:
    index.apply([document("S-1", "岸桥巡检")], [], 1)
    result = index.search(SearchQuery(text="桥"), NOW)
    assert result.is_widened and [hit.code for hit in result.hits] == ["S-1"]


def test_phrases_exclusions_and_fields(index: WhooshIndex) -> None:
    index.apply([document("S-1", "岸桥钢结构巡检"), document("S-2", "钢结构厂房巡检", organization="另一单位")], [], 1)
    assert codes(index, '"岸桥钢结构"') == ["S-1"]
    assert codes(index, "巡检 -厂房") == ["S-1"]
    assert codes(index, "org:另一单位") == ["S-2"]


def test_filters_facets_and_sorting(index: WhooshIndex) -> None:
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


def test_pages_do_not_overlap(index: WhooshIndex) -> None:
    index.apply([document(f"S-{number}") for number in range(7)], [], 1)
    pages = [codes(index, page=page, page_size=3) for page in (1, 2, 3)]
    assert sorted(code for page in pages for code in page) == sorted(f"S-{number}" for number in range(7))


def test_a_rebuild_is_swapped_in_while_a_reader_searches(index: WhooshIndex) -> None:
    index.apply([document("S-1", "旧的")], [], 1)
    reader = WhooshIndex(index.directory)
    assert codes(reader) == ["S-1"]

    def documents():
        assert codes(reader) == ["S-1"]  # the old index answers until the new one is whole
        yield document("S-2", "新的")

    assert index.rebuild(documents(), 9) == 1
    assert codes(reader) == ["S-2"]
    assert reader.position() == 9


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_no_query_errors(index: WhooshIndex, text: str) -> None:
    if index.position() == 0:
        index.apply([document("S-1", "岸桥巡检 drone")], [], 1)
    assert index.search(SearchQuery(text=text), NOW).total <= 1


def test_an_index_of_another_format_counts_as_none(index: WhooshIndex) -> None:
    index.apply([document("S-1")], [], 7)
    (index.directory / "CURRENT").write_text("5-0123456789abcdef")
    later = WhooshIndex(index.directory)
    assert later.position() == 0 and later.count() == 0
    later.apply([document("S-2")], [], 8)
    assert codes(later) == ["S-2"]


def files(index: WhooshIndex) -> set[str]:
    return {path.name for path in index.store.folder(index.view().commit).iterdir()}


def test_what_changes_no_document_moves_the_position_and_writes_nothing_else(index: WhooshIndex) -> None:
    index.apply([document("S-1", "岸桥巡检")], [], 1)
    reader, before = WhooshIndex(index.directory), files(index)
    segments = reader.view().scorer.segments
    index.apply([document("S-1", "岸桥巡检")], [], 2, after=1)
    index.apply([], ["S-9"], 3, after=2)
    index.apply([], [], 4, after=3)
    assert files(index) == before
    assert reader.position() == 4
    assert reader.view().scorer.segments == segments
    assert codes(reader, "岸桥") == ["S-1"]
    with pytest.raises(StaleCursor):
        index.apply([document("S-1", "岸桥巡检")], [], 9, after=3)


# A commit: documents put in, each with a number of its text, and those taken out.
STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=6), st.lists(st.integers(0, 30), max_size=3)
    ),
    max_size=30,
)
TITLES = (
    "岸桥巡检",
    "无人机巡检岸桥",
    "码头无人机",
    "a b c",
    "60分钟续航",
    "箱号识别",
    "岸桥 岸桥",
    "M300 RTK",
    "",
    "巡检",
)


def numbered(number: int, title: int) -> IndexDocument:
    return document(f"S-{number}", TITLES[title], body=TITLES[title - 1] * (1 + number % 3))


def ranking(index: WhooshIndex, text: str) -> list[tuple[str, float]]:
    return [(hit.code, hit.score) for hit in index.search(SearchQuery(text=text, page_size=100), NOW).hits]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_any_history_a_rebuild_and_an_index_from_nothing_rank_alike(
    tmp_path: Path, steps: list[tuple[list[tuple[int, int]], list[int]]]
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    index, held = WhooshIndex(folder / "grown"), {}
    for position, (put, gone) in enumerate(steps, start=1):
        for number in gone:
            held.pop(number, None)
        held.update({number: numbered(number, title) for number, title in put})
        index.apply([numbered(*each) for each in dict(put).items()], [f"S-{number}" for number in gone], position)
        assert len(index.view().scorer.segments) < 20
    asked = [*TITLES, '"巡检岸桥"', "巡检 -无人机"]
    fresh = WhooshIndex(folder / "fresh")
    fresh.rebuild(held.values(), 7)
    everything = {each.code for each in held.values()}
    assert set(codes(index, page_size=100)) == set(codes(fresh, page_size=100)) == everything
    for text in asked:
        assert {code for code, _ in ranking(index, text)} == {code for code, _ in ranking(fresh, text)}
    index.rebuild(held.values(), 7)
    for text in asked:
        assert ranking(index, text) == ranking(fresh, text)


def test_a_small_commit_drops_what_was_merged_and_what_was_deleted(index: WhooshIndex) -> None:
    for position in range(1, 41):
        index.apply([document(f"S-{position % 4}", f"第{position}次的题目")], [], position)
    segments = index.view().scorer.segments
    assert len(segments) < 10 and sum(segment.size for segment in segments) < 20
    assert len({name.partition(".")[0] for name in files(index) if name.startswith("MAIN")}) <= 2 * len(segments) + 10
    assert sorted(codes(index)) == ["S-0", "S-1", "S-2", "S-3"]
