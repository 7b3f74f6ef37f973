"""The next version's migrations run while this version serves: no request fails, a process of this version that starts
meanwhile works, and only a schema that says that it breaks older code turns it away."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session

from scenario_hall import schema
from scenario_hall.app import create_app
from scenario_hall.cli.context import prepare
from scenario_hall.config import ROOT, Settings, SettingsError
from scenario_hall.core.db import make_engine
from scenario_hall.organizations import accounts
from scenario_hall.schema import is_behind, may_serve, migrate, newest_revision
from tests.conftest import PEOPLED, settings_in
from tests.postgres import PrivatePostgres
from tests.web.conftest import token
from tests.world import PASSWORD

PEOPLE, AFTERWARDS = 3, 1
PATHS = ("/", "/scenarios/", "/products/", "/about", "/readyz", "/log")
HEAD = """
import sqlalchemy as sa
from alembic import op

from scenario_hall.core.online import create_index_online

revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None
"""
# What versions do most: a field, a table with people's rows, an index on what grows.
EXPAND = """
def upgrade():
    op.add_column("scenario", sa.Column("next_field", sa.String(length=40), nullable=True))
    op.add_column("account", sa.Column("next_count", sa.Integer(), server_default="0", nullable=False))
    op.create_table("next_table", sa.Column("id", sa.Integer(), primary_key=True))
    create_index_online("ix_next", "event", ["kind", "subject_id"])


def downgrade():
    pass
"""
CONTRACT = """
breaks_older_code = True


def upgrade():
    op.drop_column("scenario", "next_field")


def downgrade():
    pass
"""


class NextVersion:
    """The migrations of this version, and those that a later one has beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def adds(self, revision: str, before: str, body: str) -> None:
        (self.folder / f"{revision}_next.py").write_text(HEAD.format(revision=revision, before=before) + body)

    def config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{ROOT / 'migrations' / 'versions'}:{self.folder}")
        return config

    def migrates(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(schema, "alembic_config", self.config)
            migrate(engine, command.upgrade, "head")


@pytest.fixture
def coming(tmp_path: Path) -> NextVersion:
    (tmp_path / "next").mkdir()
    # What this version knows it asks once a process: long before the next one is there.
    assert schema.is_known(newest_revision())
    return NextVersion(tmp_path / "next")


@pytest.fixture
def here(postgres: PrivatePostgres, tmp_path: Path) -> Settings:
    return settings_in(tmp_path, postgres.url(postgres.copy_database(PEOPLED)))


@pytest.fixture
def engine(here: Settings) -> Iterator[Engine]:
    made = make_engine(here.database_url)
    yield made
    made.dispose()


@pytest.fixture
def app(here: Settings) -> Flask:
    return create_app(here)


class Load:
    """People who look and write until they are told to go home."""

    def __init__(self, app: Flask) -> None:
        self.app, self.over = app, threading.Event()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.rounds = 0
        self.threads = [threading.Thread(target=self._person, args=(number,)) for number in range(PEOPLE)]

    def __enter__(self) -> Load:
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_given: object) -> None:
        self.over.set()
        for each in self.threads:
            each.join()

    def _person(self, number: int) -> None:
        client = self.app.test_client()
        sent = {"csrf_token": token(client, "/login"), "email": "port@port.example", "password": PASSWORD}
        assert client.post("/login", data=sent).status_code == 302
        left = AFTERWARDS
        while left:
            left -= self.over.is_set()
            for path in PATHS:
                self.answers[path, client.get(path).status_code] += 1
            form = {"csrf_token": token(client, "/account"), "name": f"Person {number}", "locale": "en"}
            self.answers["account", client.post("/account", data=form).status_code] += 1
            self.rounds += 1

    def failed(self) -> list[tuple[str, int]]:
        return [answer for answer in self.answers if answer[1] != (302 if answer[0] == "account" else 200)]


def test_no_request_fails_while_the_next_version_migrates(
    coming: NextVersion, engine: Engine, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_MS", 100)
    monkeypatch.setattr(schema, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(schema, "TRIES", 1000)  # however busy this machine is
    coming.adds("9001", newest_revision(), EXPAND)
    with engine.connect() as slow, Load(app) as load:
        # Somebody's report reads the table for long: the migration must not wait in front of everybody else.
        slow.execute(text("SELECT count(*) FROM scenario")).one()
        moving = threading.Thread(target=coming.migrates, args=(engine, monkeypatch))
        moving.start()
        at = load.rounds
        while load.rounds < at + PEOPLE:
            assert moving.is_alive() and all(each.is_alive() for each in load.threads)
            moving.join(0.05)
        slow.rollback()
        moving.join()
    assert load.failed() == [] and load.rounds >= PEOPLE * AFTERWARDS
    assert "next_table" in inspect(engine).get_table_names()
    assert "ix_next" in {index["name"] for index in inspect(engine).get_indexes("event")}


def test_a_process_of_this_version_starts_and_works_on_the_next_schema(
    coming: NextVersion, engine: Engine, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming.adds("9001", newest_revision(), EXPAND)
    coming.migrates(engine, monkeypatch)
    assert not is_behind(engine) and may_serve(engine)
    prepare(here).dispose()
    assert create_app(here).test_client().get("/readyz").status_code == 200
    with Session(engine) as session:
        assert accounts.register_account(session, email="new@x.example", name="New", password=PASSWORD).id


def test_a_schema_that_breaks_older_code_turns_it_away(
    coming: NextVersion, engine: Engine, here: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming.adds("9001", newest_revision(), EXPAND)
    coming.adds("9002", "9001", CONTRACT)
    coming.migrates(engine, monkeypatch)
    assert not is_behind(engine) and not may_serve(engine)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503 and "newer version" in answer.text
    with pytest.raises(SettingsError, match="newer version"):
        prepare(replace(here))


def test_a_database_that_is_behind_is_not_ready(engine: Engine, app: Flask) -> None:
    migrate(engine, command.downgrade, "0046")
    assert is_behind(engine) and not may_serve(engine)
    assert app.test_client().get("/readyz").status_code == 503
