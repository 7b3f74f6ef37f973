"""What the embedded index does beside the contract of all engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.core.errors import StaleCursor
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from tests.search.engine.test_contract import NOW, codes, document


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    return WhooshIndex(tmp_path)


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
