"""causes and lessons of stopped trials

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("cause", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("outcome", sa.Column("lessons_are_public", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("outcome", "lessons_are_public")
    op.drop_column("outcome", "cause")
