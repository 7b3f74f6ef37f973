"""What a migration does to a table that people use meanwhile (docs/operations.md, “Migrations”)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic import op


def create_index_online(name: str, table: str, columns: Sequence[Any], **how: Any) -> None:
    """An index that is built while others write; the migration's transaction ends before it. What a try that was cut
    short left behind counts for nothing and goes first. SQLite has one writer anyway."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(name, table, columns, **how)
        return
    with op.get_context().autocommit_block():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **how)
