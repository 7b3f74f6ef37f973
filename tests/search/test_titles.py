"""While the index does not answer, titles are looked through: under the same filters, of public records alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scenario_hall.core.clock import now
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.search.titles import by_titles, search_or_titles
from scenario_hall.taxonomy.service import load_taxonomy
from tests.world import World
from tools.opensearch.server import free_port


def found(world: World, text: str = "", **more: object) -> list[str]:
    asked = replace(SearchQuery(text=text), **more)  # type: ignore[arg-type]
    return [hit.code for hit in by_titles(world.session, load_taxonomy(world.session), asked, now()).hits]


def test_both_databases_find_titles_in_either_script(world: World) -> None:
    first = world.released_scenario(title="碼頭無人機巡檢 UAV").code
    second = world.released_scenario(title="果园机器人").code
    assert found(world, "无人机") == found(world, "無人機") == found(world, "uav") == [first]
    assert found(world, "机器人 无人机 uav") == [first, second]  # the most words first
    assert found(world, '"果园机器人"') == [second]
    assert found(world, "-果园") == [first]
    assert found(world, "100%_") == []
    assert set(found(world)) == {first, second}


def test_only_what_is_public_is_found(small_world: World) -> None:
    world = small_world
    world.draft_scenario(title="巡检草稿")
    scenario = world.released_scenario(title="巡检岸桥")
    product = world.listed_product(title="巡检机")
    assert set(found(world, "巡检")) == {scenario.code, product.code}
    act_on_organization(world.admin, session=world.session, organization=world.port, action="suspend", reason="x")
    assert found(world, "巡检") == [product.code]


FILTERS: list[dict[str, object]] = [
    {"kind": "scenario"},
    {"kind": "product"},
    {"regions": ("810000",)},
    {"domains": ("low-altitude",)},
    {"domains": ("no-such",)},
    {"tags": ("uav-inspection",)},
    {"states": ("released",)},
    {"include_closed": True},
    {"budget_min": 1.0},
    {"budget_max": 1e9},
    {"readiness_min": 5},
    {"posted_since": now() - timedelta(days=1)},
    {"deadline_before": now() + timedelta(days=400)},
    {"sort": Sort.NEWEST},
    {"sort": Sort.DEADLINE},
    {"sort": Sort.BUDGET},
    {"page": 2, "page_size": 1},
]


def test_filters_sorting_and_pages_are_those_of_the_index(small_world: World, tmp_path: Path) -> None:
    world = small_world
    for number, place in enumerate(("440300", "810000", "440300")):
        world.released_scenario(title=f"巡检{number}", region=place)
    world.listed_product(title="巡检机")
    index = WhooshIndex(tmp_path)
    rebuild(world.session, index)
    for filters in FILTERS:
        asked = replace(SearchQuery(sort=Sort.NEWEST), **filters)  # type: ignore[arg-type]
        expected = index.search(asked, now())
        result = by_titles(world.session, load_taxonomy(world.session), asked, now())
        assert [hit.code for hit in result.hits] == [hit.code for hit in expected.hits], filters
        assert result.total == expected.total, filters


@pytest.mark.parametrize("is_up", [True, False])
def test_it_is_asked_only_while_the_index_is_silent(small_world: World, tmp_path: Path, is_up: bool) -> None:
    code = small_world.released_scenario(title="巡检").code
    silent = OpenSearchIndex(SearchServers((("127.0.0.1", free_port()),), "hall"))
    index = WhooshIndex(tmp_path) if is_up else silent
    if is_up:
        rebuild(small_world.session, index)
    taxonomy = load_taxonomy(small_world.session)
    result = search_or_titles(small_world.session, index, taxonomy, SearchQuery(text="巡检"))
    assert [hit.code for hit in result.hits] == [code]
    assert result.is_by_titles is not is_up
