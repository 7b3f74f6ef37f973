"""A whole hall on OpenSearch: readers, pages, API and commands, as on the embedded index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.log.chain import last_id
from scenario_hall.search.engine.opensearch.connection import Connection
from scenario_hall.search.opening import open_index
from scenario_hall.search.reader import rebuild
from scenario_hall.worker.loop import catch_up_all
from tests.opensearch import SharedOpenSearch
from tests.world import World

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def settings(hall_settings: Settings, opensearch: SharedOpenSearch) -> Iterator[Settings]:
    servers = opensearch.servers()
    yield replace(hall_settings, search_servers=servers)
    Connection(servers).write("DELETE", f"/{servers.name}-*")


@pytest.fixture
def visitor(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def test_the_worker_fills_it_and_pages_api_and_commands_search_it(
    small_world: World, sqlite_engine: Engine, settings: Settings, visitor: FlaskClient
) -> None:
    codes = [
        small_world.released_scenario(title=f"岸桥巡检{number}", region="440300" if number else "810000").code
        for number in range(3)
    ]
    product = small_world.listed_product(title="岸桥巡检机").code
    assert visitor.get("/search?q=岸桥", headers=ENGLISH).status_code == 200  # before there is an index
    assert catch_up_all(sqlite_engine, settings)
    index = open_index(settings)
    assert index.position() == last_id(small_world.session)
    page = visitor.get("/search?q=岸桥巡检", headers=ENGLISH).text
    assert all(code in page for code in (*codes, product))
    assert "<mark>" in page
    narrowed = visitor.get("/search?q=岸桥巡检&region=810000", headers=ENGLISH).text
    assert codes[0] in narrowed and codes[1] not in narrowed
    found = visitor.get("/api/v1/search?q=岸桥&kind=scenario").get_json()
    assert {item["code"] for item in found["items"]} == set(codes)
    assert found["facets"]["region"] == {"440300": 2, "810000": 1}
    assert rebuild(small_world.session, index) == 4
    assert visitor.get("/readyz").get_json()["status"] == "ready"
