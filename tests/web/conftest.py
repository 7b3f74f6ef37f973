"""Clients of the pages: one for each kind of person, logged in through the real form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.worker.loop import catch_up_all
from tests.places import PLACES
from tests.world import PASSWORD, World


@pytest.fixture
def app(hall_settings: Settings) -> Flask:
    return create_app(hall_settings)


@pytest.fixture
def hall(small_world: World) -> World:
    return small_world


@pytest.fixture
def follow(sqlite_engine: Engine, hall_settings: Settings) -> Callable[[], None]:
    """Bring index, matches and mail up to date, as the worker does."""

    def run() -> None:
        assert catch_up_all(sqlite_engine, hall_settings)

    return run


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_person(app: Flask, hall: World) -> Callable[[str], FlaskClient]:
    def log_in(email: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post(
            "/login", data={"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        return client

    return log_in


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        yield session


def token(client: FlaskClient, path: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None, path
    return found[1]


@pytest.fixture
def places(hall: World, placed: Path) -> dict[str, str]:
    """The records of the hall, which the database of whoever asks for them has already; see ``tests/places.py``."""
    found: dict[str, str] = json.loads((placed / PLACES).read_text("utf-8"))
    return found


EMAILS = {
    "unconfirmed": "unconfirmed@x.example",
    "demand": "port@port.example",
    "supplier": "maker@maker.example",
    "other": "other@other.example",
    "administrator": "admin@hall.example",
}
