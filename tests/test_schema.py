"""Migrations: from empty to the newest schema, on both databases, and nothing forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel, col, select

from scenario_hall.core.clock import end_of_local_day
from scenario_hall.core.db import make_engine
from scenario_hall.scenarios.models import Scenario
from scenario_hall.schema import TABLES, alembic_config, is_current, migrate, upgrade
from tests.world import World


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


def test_a_day_that_ended_a_minute_early_ends_at_midnight_and_what_ends_at_its_own_hour_stays(world: World) -> None:
    midnight, five = end_of_local_day(date(2027, 1, 20)), datetime(2027, 1, 20, 9, tzinfo=UTC)
    whole, other = world.draft_scenario(deadline=midnight), world.draft_scenario(deadline=five)
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    whole_id, other_id = whole.pk, other.pk
    own = ScriptDirectory.from_config(alembic_config()).get_revision("0020")
    world.session.rollback()
    for move, target, expected in (
        (command.downgrade, str(own.down_revision), midnight.replace(second=0, microsecond=0)),
        (command.upgrade, "head", midnight),
    ):
        migrate(engine, move, target)
        kept = select(Scenario.deadline).where(col(Scenario.id).in_([whole_id, other_id])).order_by(col(Scenario.id))
        assert world.session.exec(kept).all() == [expected, five]
        world.session.rollback()
        world.session.expire_all()
