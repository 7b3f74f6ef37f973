"""What every test may use: databases of both kinds, at the newest schema, and a hall with people in it."""

from __future__ import annotations

import gc
import json
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
from werkzeug.routing import Rule

from scenario_hall.config import Settings
from scenario_hall.core import db
from scenario_hall.core.db import make_engine
from scenario_hall.meaning.encoder import CarriedEncoder
from scenario_hall.organizations import accounts
from scenario_hall.schema import upgrade
from scenario_hall.taxonomy.service import seed_taxonomy
from static.build import build
from tests.buckets import PrivateBuckets
from tests.compiled import (
    CompiledTemplates,
    compile_builder_once,
    create_warm_engine,
    encode_once,
    prepare_without_sync,
)
from tests.places import PLACES, make_places
from tests.postgres import PrivatePostgres
from tests.programs import needed
from tests.world import World
from tools.programs import postgres_programs

# Thousands of accounts are made here; what the hall itself takes is held by tests/organizations/test_accounts.py.
REAL_HASHER = accounts._hasher
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
db.create_engine = create_warm_engine
db._prepare_sqlite = prepare_without_sync
Rule._compile_builder = compile_builder_once  # type: ignore[method-assign]
CarriedEncoder.encode = encode_once  # type: ignore[method-assign]
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}

TEMPLATES = EMPTY, PEOPLED = ("hall_template", "hall_with_people")

hypothesis_settings.register_profile("hall", deadline=None, max_examples=60)
hypothesis_settings.load_profile("hall")


# The files whose tests take ten seconds and more: begun last, one of them would run on alone for a minute.
LONG = (
    "browser/test_every_route.py",
    "browser/test_whole_job.py",
    "api/test_fuzzing.py",
    "browser/test_look.py",
    "outcomes/test_stateful.py",
    "web/test_odd_values.py",
    "test_crash.py",
    "test_adversarial_texts.py",
    "soak/test_soak.py",
    "search/engine/test_hostile.py",
    "matching/engine/test_evaluation.py",
    "search/engine/opensearch/test_parity.py",
    "search/engine/opensearch/test_outages.py",
    "web/test_doors.py",
    "test_rolling_update.py",
    "recovery/test_backup.py",
    "language/test_text.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests first. Each of several processes is given a stretch of the list (pytest-xdist's ``worksteal``: what is
    left, divided by the processes that are left), so each stretch begins with some."""
    processes = int(getattr(config, "workerinput", {}).get("workercount", 1))
    stretches: list[list[pytest.Item]] = [[] for _ in range(processes)]
    short = []
    for item in items:
        place = next((place for place, name in enumerate(LONG) if item.path.as_posix().endswith(name)), None)
        (short if place is None else stretches[place % processes]).append(item)
    left, taken = len(items), 0
    for number, stretch in enumerate(stretches):
        size = left // (processes - number)
        left, more = left - size, max(0, size - len(stretch))
        stretch.extend(short[taken : taken + more])
        taken += more
    items[:] = [item for stretch in stretches for item in stretch]


def pytest_collection_finish() -> None:
    """What was imported stays: nobody looks through it again, and less often through what tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def style_sheet() -> None:
    """The style sheet of the pages, built as ``make`` builds it."""
    build()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Migrated SQLite databases, copied for each test: one with the taxonomy, one with a small hall's people, too."""
    folder = tmp_path_factory.mktemp("templates")
    for name in TEMPLATES:
        engine = make_engine(f"sqlite:///{folder / name}")
        prepare(engine, with_people=name == PEOPLED)
    return {name: folder / name for name in TEMPLATES}


@pytest.fixture(scope="session")
def buckets() -> Iterator[PrivateBuckets]:
    """A private S3 server."""
    server = PrivateBuckets()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL with the same templates. Required in CI, skipped with a word elsewhere."""
    programs = needed(postgres_programs(), "PostgreSQL")
    server = PrivatePostgres(programs)
    server.start()
    try:
        for name in TEMPLATES:
            server.create_database(name)
            prepare(make_engine(server.url(name)), with_people=name == PEOPLED)
        yield server
    finally:
        server.stop()


def prepare(engine: Engine, *, with_people: bool) -> None:
    upgrade(engine)
    with Session(engine) as session:
        seed_taxonomy(session)
        if with_people:
            World(session)
    close_file(engine)


def close_file(engine: Engine) -> None:
    """Leave the whole database in one file, which can be copied."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Both databases: every test of the data layer runs twice."""
    if request.param == "sqlite":
        url = copy_of(request.getfixturevalue("sqlite_templates")[template_for(request)], tmp_path)
    else:
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.url(server.copy_database(template_for(request)))
    made = make_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def sqlite_engine(
    request: pytest.FixtureRequest, sqlite_templates: dict[str, Path], tmp_path: Path
) -> Iterator[Engine]:
    if "places" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("placed"), tmp_path, dirs_exist_ok=True)
        made = make_engine(f"sqlite:///{tmp_path / 'hall.sqlite'}")
    else:
        made = make_engine(copy_of(sqlite_templates[template_for(request)], tmp_path))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def placed(sqlite_templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a hall with a record of each kind in each state, and what it has signed."""
    folder = tmp_path_factory.mktemp("placed")
    url = copy_of(sqlite_templates[PEOPLED], folder)
    engine = make_engine(url)
    with Session(engine) as session:
        found = make_places(World(session), settings_in(folder, url))
    (folder / PLACES).write_text(json.dumps(found), "utf-8")
    close_file(engine)
    return folder


def template_for(request: pytest.FixtureRequest) -> str:
    """Whoever asks for a hall with people gets a database that has them already."""
    return PEOPLED if {"world", "small_world"} & set(request.fixturenames) else EMPTY


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
