"""While the search servers are down the hall stays up: it says so, finds titles, and keeps nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.log.readers import lags_of
from scenario_hall.search.opening import open_index
from scenario_hall.worker.loop import catch_up_all
from scenario_hall.worker.readers import make_readers
from tests.world import World
from tools.opensearch.server import free_port

ENGLISH = {"Accept-Language": "en"}
SAID = "The search does not answer just now."


@pytest.fixture
def hall_settings(hall_settings: Settings) -> Settings:
    """A hall whose search servers are down."""
    return replace(hall_settings, search_servers=SearchServers((("127.0.0.1", free_port()),), "hall"))


@pytest.mark.parametrize("path", ["/search", "/scenarios/", "/search?q=巡检&view=map", "/search?q=巡检&view=table"])
def test_pages_say_so_and_show_what_titles_tell(hall: World, visitor: FlaskClient, path: str) -> None:
    code = hall.released_scenario(title="岸桥巡检").code
    page = visitor.get(path, headers=ENGLISH)
    assert page.status_code == 200
    assert SAID in page.text
    assert code in page.text or "view=map" in path
    assert visitor.get("/").status_code == visitor.get(f"/scenarios/{code}").status_code == 200


def test_filters_hold_and_no_count_is_made_up(hall: World, visitor: FlaskClient) -> None:
    here = hall.released_scenario(title="岸桥巡检", region="440300").code
    other = hall.released_scenario(title="果园巡检", region="810000").code
    page = visitor.get("/search?q=巡检&region=440300", headers=ENGLISH).text
    assert here in page and other not in page
    assert '<span class="count"></span>' in page


def test_the_page_is_not_kept_beyond_the_outage(
    hall: World, app: Flask, visitor: FlaskClient, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    hall.released_scenario(title="岸桥巡检")
    assert SAID in visitor.get("/search?q=巡检", headers=ENGLISH).text
    mended = replace(hall_settings, search_servers=None)
    assert catch_up_all(sqlite_engine, mended)
    app.extensions["hall_index"] = open_index(mended)
    assert SAID not in visitor.get("/search?q=巡检", headers=ENGLISH).text


def test_a_list_that_is_taken_away_must_be_whole(hall: World, visitor: FlaskClient) -> None:
    answer = visitor.get("/search?q=巡检&format=csv", headers=ENGLISH)
    assert answer.status_code == 503
    assert "The search does not answer." in answer.text


def test_the_api_says_that_it_is_unavailable(hall: World, visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/search?q=巡检")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "10"


def test_readyz_and_metrics_tell_who_waits(hall: World, visitor: FlaskClient) -> None:
    answer = visitor.get("/readyz")
    assert answer.status_code == 200
    assert (answer.get_json()["status"], answer.get_json()["waiting"]) == ("degraded", ["search"])
    assert 'hall_reader_waiting{reader="search"} 1' in visitor.get("/metrics").text


def test_administrators_and_operators_are_told(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient]
) -> None:
    page = as_person("admin@hall.example").get("/admin/work/?lang=en").text
    assert "Its server does not answer." in page
    assert "Everything is done." not in page


def test_the_other_readers_go_on_and_the_index_catches_up(
    hall: World, sqlite_engine: Engine, hall_settings: Settings
) -> None:
    code = hall.released_scenario(title="岸桥巡检").code
    assert catch_up_all(sqlite_engine, hall_settings)
    hall.session.rollback()
    lags, waiting = lags_of(hall.session, make_readers(hall_settings))
    assert waiting == ["search"] and {lag.events for lag in lags} == {0}
    mended = replace(hall_settings, search_servers=None)
    assert catch_up_all(sqlite_engine, mended)
    assert open_index(mended).count() == 1, code


def test_the_preview_of_a_draft_points_out_likes_by_title(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    hall.released_scenario()
    draft = hall.draft_scenario()
    assert as_person("port@port.example").get(f"/scenarios/{draft.code}/preview").status_code == 200
