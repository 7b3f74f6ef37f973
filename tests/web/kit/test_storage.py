"""The disk is full, the disk can only be read, the database is gone: a page says so, the words stand in it, and all
goes on by itself when the fault is over."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from scenario_hall.app import create_app
from scenario_hall.core.db import make_engine
from scenario_hall.log.verifying import verify
from scenario_hall.scenarios.models import Scenario
from tests.conftest import EMPTY, PEOPLED, copy_of, prepare, settings_in
from tests.postgres import PrivatePostgres
from tests.programs import needed
from tests.web.conftest import token
from tests.world import PASSWORD
from tools.programs import postgres_programs

WORDS = "岸桥夜间巡检要用无人机，每台不超过二十分钟。"
EMAIL = "port@port.example"


def logged_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    form = {"csrf_token": token(client, "/login"), "email": EMAIL, "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 302
    return client


def posting(client: FlaskClient) -> dict[str, str]:
    """A filled form of the first page of a scenario, as it stands open in a browser."""
    page = client.get("/scenarios/new").text
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    return {**hidden, "csrf_token": token(client, "/scenarios/new"), "text": WORDS, "title": "岸桥夜间巡检"}


def says_that_it_cannot(client: FlaskClient, form: dict[str, str]) -> None:
    answer = client.post("/scenarios/new", data=form)
    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"] == "30" and WORDS in answer.text
    assert 'id="main"' in answer.text


def works_again(client: FlaskClient, form: dict[str, str], url: str) -> None:
    assert client.get("/").status_code == 200
    assert client.post("/scenarios/new", data=form).status_code == 302
    with Session(make_engine(url)) as session:
        assert verify(session).fault is None
        assert session.exec(select(Scenario.id).where(col(Scenario.title) == form["title"])).all()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a disk of its own")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Nothing more fits on the disk."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    path.unlink()


def test_a_full_disk_is_told_and_heals(sqlite_templates: dict[str, Path], small_disk: Path) -> None:
    url = copy_of(sqlite_templates[PEOPLED], small_disk)
    client = logged_in(create_app(settings_in(small_disk, url)))
    form = posting(client)
    with filled(small_disk):
        assert client.get("/").status_code == 200, "what only reads goes on"
        says_that_it_cannot(client, form)
    works_again(client, form, url)


@contextmanager
def read_only(folder: Path, app: Flask) -> Iterator[None]:
    """The disk as a kernel mounts it again after an error: what is open is closed first, else it cannot be."""
    app.extensions["hall_engine"].dispose()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    yield
    app.extensions["hall_engine"].dispose()
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)


def test_a_disk_that_can_only_be_read_is_told_and_heals(sqlite_templates: dict[str, Path], small_disk: Path) -> None:
    url = copy_of(sqlite_templates[PEOPLED], small_disk)
    app = create_app(settings_in(small_disk, url))
    client = logged_in(app)
    form = posting(client)
    with read_only(small_disk, app):
        says_that_it_cannot(client, form)
        assert app.test_client().get("/healthz").status_code == 200
        assert app.test_client().get("/readyz").status_code == 503
    works_again(client, form, url)


def test_a_database_that_is_gone_for_a_while_is_told_and_heals(tmp_path: Path) -> None:
    server = PrivatePostgres(needed(postgres_programs(), "PostgreSQL"))
    server.start()
    try:
        server.create_database(EMPTY)
        url = server.url(EMPTY)
        prepare(make_engine(url), with_people=True)
        app = create_app(settings_in(tmp_path, url))
        client, visitor = logged_in(app), app.test_client()
        form = posting(client)
        server.pause()
        for page in ("/", "/scenarios/", "/search?q=无人机", "/no-such-page"):
            assert client.get(page).status_code == 503, page
        assert visitor.get("/").status_code == 503 and visitor.get("/no-such-page").status_code == 404
        assert client.get("/desk").status_code == 503
        says_that_it_cannot(client, form)
        assert visitor.get("/healthz").status_code == 200 and visitor.get("/readyz").status_code == 503
        server.resume()
        works_again(client, form, url)
    finally:
        server.stop()
