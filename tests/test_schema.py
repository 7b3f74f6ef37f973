"""Migrations: from empty to the newest schema, on both databases, and nothing forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from scenario_hall.core.db import make_engine
from scenario_hall.schema import TABLES, is_current, upgrade


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_make_every_table_as_the_models_have_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        server = request.getfixturevalue("postgres")
        server.create_database("hall_empty")
        url = server.url("hall_empty")
    engine = make_engine(url)
    assert not is_current(engine)
    upgrade(engine)
    upgrade(engine)  # a second time does nothing
    assert is_current(engine)
    assert {table.__tablename__ for table in TABLES} <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()
