"""Who has pages built faster than anybody reads them is asked to wait, and nobody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.web.kit import pace
from scenario_hall.web.kit.pace import MOST_KNOWN, Pace
from tests.web.conftest import token
from tests.world import PASSWORD, World

AT = datetime(2026, 12, 1, 2, 0, 10, tzinfo=UTC)
MOST = 6


@pytest.fixture
def app(hall_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(pace, "A_MINUTE", MOST)
    return create_app(replace(hall_settings, proxies=1))


def at(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = address
    return client


def searches(client: FlaskClient, count: int, begin: int = 0) -> list[int]:
    """The answers to searches that nobody has asked before."""
    return [client.get(f"/search?q=x{number}").status_code for number in range(begin, begin + count)]


def test_a_network_that_asks_too_often_waits_until_the_minute_is_over_and_others_do_not(
    app: Flask, hall: World
) -> None:
    with clock.at(AT):
        assert searches(at(app, "203.0.113.7"), MOST) == [200] * MOST
        late = at(app, "203.0.113.9").get("/search?q=y", headers={"Accept-Language": "en"})  # of the same network
        assert late.status_code == 429 and late.headers["Retry-After"] == "51" and "51 seconds" in late.text
        assert searches(at(app, "198.51.100.1"), 1) == [200]
    with clock.at(AT + timedelta(seconds=51)):
        assert searches(at(app, "203.0.113.7"), 1) == [200]


def test_kept_pages_files_and_watchers_cost_nothing(app: Flask, hall: World) -> None:
    client = at(app, "203.0.113.7")
    paths = ("/about", "/static/css/base.css", "/healthz", "/readyz")
    with clock.at(AT):
        assert {client.get(path).status_code for _ in range(3 * MOST) for path in paths} == {200}


def test_people_of_one_network_who_are_logged_in_have_a_pace_of_their_own(app: Flask, hall: World) -> None:
    with clock.at(AT - timedelta(minutes=2)):
        people = []
        for email in ("port@port.example", "maker@maker.example"):
            client = at(app, "203.0.113.7")
            sent = {"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD}
            assert client.post("/login", data=sent).status_code == 302
            people.append(client)
    with clock.at(AT):
        assert searches(at(app, "203.0.113.7"), MOST + 1)[-1] == 429
        assert searches(people[0], MOST + 1) == [200] * MOST + [429]
        assert searches(people[1], 1) == [200]


def test_who_sits_on_the_machine_itself_is_not_counted(
    hall_settings: Settings, hall: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "A_MINUTE", MOST)
    client = create_app(hall_settings).test_client()
    with clock.at(AT):
        assert searches(client, 2 * MOST) == [200] * 2 * MOST


def test_however_many_come_only_so_many_are_remembered() -> None:
    known = Pace()
    for number in range(MOST_KNOWN + 100):
        known.count(str(number), 1)
    assert len(known) == MOST_KNOWN
    assert known.count(str(MOST_KNOWN + 99), 1) == 2 and known.count("0", 1) == 1
