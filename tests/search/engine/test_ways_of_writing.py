"""What is written in one way is found by what is typed in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_hall.core.clock import now
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.highlight import highlight

TITLES = {
    "S01": "𠮷林电力线路无人机巡检系统",
    "S02": "γ射线无损检测机器人",
    "S03": "Inspeção de pontes com drones",
    "S04": "Navegação autónoma no porto",
    "S05": "管道压力试验台2.5MPa升级",
    "S06": "管道压力试验台5 MPa新建",
    "S08": "C919客机复材蒙皮5G-A检测用M300 RTK",
    "S10": "AI+制造工厂视觉质检C++算法",
    "S14": "ドローン点検サービス自動化",
    "S21": "粘\u200b度在线测量用浮标\u200b平台",
    "S22": "⻛电场叶⽚螺栓松动监测",
    "S23": "黏度與矽膠密封件檢測",
    "S24": "БПЛА巡检",
    "S25": "〇号平台腐蚀监测",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    index = WhooshIndex(Path(tmp_path_factory.mktemp("index")))
    index.rebuild((document(code, title) for code, title in TITLES.items()), 1)
    return index


def document(code: str, title: str) -> IndexDocument:
    return IndexDocument(
        kind="scenario",
        code=code,
        title=title,
        summary="",
        body="",
        organization="",
        tags=(),
        domains=(),
        region=(),
        state="released",
        open=True,
        budget_low=None,
        budget_high=None,
        readiness=None,
        deadline=None,
        posted=now(),
        tag_words="",
    )


def found(index: WhooshIndex, text: str) -> list[str]:
    return [hit.code for hit in index.search(SearchQuery(text=text, include_closed=True, facets=()), now()).hits]


@pytest.mark.parametrize("code", TITLES)
def test_a_query_equal_to_a_title_finds_it_first(index: WhooshIndex, code: str) -> None:
    assert found(index, TITLES[code])[0] == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("无损检测", "S02"),
        ("title:无损", "S02"),
        ("线路无人机巡检系统", "S01"),
        ("inspecao", "S03"),
        ("O que é inspecção de pontes?", "S03"),
        ("2.5 MPa", "S05"),
        ("5MPa", "S06"),
        ("M300RTK", "S08"),
        ("m300 rtk", "S08"),
        ("m300-rtk", "S08"),
        ("C 919", "S08"),
        ("5GA", "S08"),
        ("点検", "S14"),
        ("檢測", "S02"),
        ("浮标平台", "S21"),
        ("风电", "S22"),
        ("粘度", "S23"),
        ("黏度", "S21"),
        ("硅胶", "S23"),
        ("бпла", "S24"),
        ("平台腐蚀", "S25"),
        ("c++", "S10"),
    ],
)
def test_another_way_of_writing_finds_it(index: WhooshIndex, typed: str, code: str) -> None:
    assert code in found(index, typed)


@pytest.mark.parametrize(("typed", "code"), [("5MPa", "S05"), ("2.5MPa", "S06"), ("inspeção", "S04"), ("C 919", "S10")])
def test_what_only_looks_alike_is_not_found(index: WhooshIndex, typed: str, code: str) -> None:
    assert code not in found(index, typed)


@pytest.mark.parametrize(
    ("title", "word", "shown"),
    [
        ("黏度與矽膠", "硅胶", "矽膠"),
        ("浮标\u200b平台", "浮标", "浮标"),
        ("用M300 RTK检测", "m300rtk", "M300 RTK"),
        ("⻛电场", "风电", "⻛电"),
        ("発電所の点検", "点检", "点検"),
    ],
)
def test_a_hit_is_marked_on_the_authors_own_characters(title: str, word: str, shown: str) -> None:
    assert [segment.text for segment in highlight(title, [word]) if segment.is_hit] == [shown]
