"""What every test may use: databases of both kinds, at the newest schema, and a hall with people in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core import db
from scenario_hall.core.db import make_engine
from scenario_hall.organizations import accounts
from scenario_hall.schema import upgrade
from scenario_hall.taxonomy.service import seed_taxonomy
from static.build import build
from tests.compiled import CompiledTemplates, create_warm_engine, prepare_without_sync
from tests.postgres import PrivatePostgres
from tests.programs import needed
from tests.world import World
from tools.programs import postgres_programs

# Thousands of accounts are made here; what the hall itself takes is held by tests/organizations/test_accounts.py.
REAL_HASHER = accounts._hasher
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
db.create_engine = create_warm_engine
db._prepare_sqlite = prepare_without_sync
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}

hypothesis_settings.register_profile("hall", deadline=None, max_examples=60)
hypothesis_settings.load_profile("hall")


@pytest.fixture(scope="session", autouse=True)
def style_sheet() -> None:
    """The style sheet of the pages, built as ``make`` builds it."""
    build()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the taxonomy, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "hall.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    prepare(engine)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL with a migrated template. Required in CI, skipped with a word elsewhere."""
    programs = needed(postgres_programs(), "PostgreSQL")
    server = PrivatePostgres(programs)
    server.start()
    try:
        server.create_database("hall_template")
        engine = make_engine(server.url("hall_template"))
        prepare(engine)
        yield server
    finally:
        server.stop()


def prepare(engine: Engine) -> None:
    upgrade(engine)
    with Session(engine) as session:
        seed_taxonomy(session)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Both databases: every test of the data layer runs twice."""
    if request.param == "sqlite":
        url = copy_of(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.url(server.copy_database("hall_template"))
    made = make_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(copy_of(sqlite_template, tmp_path))
    yield made
    made.dispose()


def copy_of(template: Path, folder: Path) -> str:
    path = folder / "hall.sqlite"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def world(engine: Engine) -> Iterator[World]:
    """A hall with an administrator, a demand side and a supplier, on both databases."""
    with Session(engine) as session:
        yield World(session)


@pytest.fixture
def small_world(sqlite_engine: Engine) -> Iterator[World]:
    """The same on SQLite only, for what does not touch the database's ways."""
    with Session(sqlite_engine) as session:
        yield World(session)


@pytest.fixture
def hall_settings(sqlite_engine: Engine, tmp_path: Path) -> Settings:
    return settings_in(tmp_path, sqlite_engine.url.render_as_string())


def settings_in(folder: Path, url: str) -> Settings:
    return Settings(
        database_url=url,
        secret_key="a secret key for tests, 32 characters",
        search_index=folder / "index",
        data_dir=folder,
        port=0,
        base_url="http://hall.test",
        demo_password="harbour-lantern-2026",
        signing_keys=folder / "signing-keys",
        smtp_url="",
        mail_from="hall@hall.test",
        # The whole suite passes with either; with an encoder it takes longer.
        meaning=os.environ.get("HALL_MEANING", "off"),
        meaning_key="",
        backup_key="",
        is_development=True,
    )
