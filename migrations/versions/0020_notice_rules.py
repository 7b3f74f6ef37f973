"""A day lasts to midnight: ends of days that were stored as 23:59 in Hong Kong.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ENDS = (("scenario", "deadline"), ("outcome", "notice_until"))


def upgrade() -> None:
    _move("15:59:00.000000", "15:59:59.999999")


def downgrade() -> None:
    _move("15:59:59.999999", "15:59:00.000000")


def _move(before: str, after: str) -> None:
    """What stands at ``before`` of a day, in UTC, to ``after``."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column in ENDS:
        if is_sqlite:
            op.execute(
                f"UPDATE {table} SET {column} = substr({column}, 1, 11) || '{after}' "
                f"WHERE substr({column}, 12) = '{before}'"
            )
        else:
            op.execute(
                f"UPDATE {table} SET {column} = "
                f"(date_trunc('day', {column} AT TIME ZONE 'UTC') + interval '{after}') AT TIME ZONE 'UTC' "
                f"WHERE ({column} AT TIME ZONE 'UTC')::time = '{before}'"
            )
