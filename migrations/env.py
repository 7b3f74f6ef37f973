"""Alembic's entry: the engine comes from the caller (`scenario_hall.schema`), never from a file."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import scenario_hall.schema  # noqa: F401  every table registers itself

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    # So that one that takes hours, or is refused a lock, does not hold what those before it took.
    transaction_per_migration=connection.dialect.name != "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
