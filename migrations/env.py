"""Alembic's entry: the engine comes from the caller (`scenario_hall.core.migrations`), never from a file."""

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
)
with context.begin_transaction():
    context.run_migrations()
