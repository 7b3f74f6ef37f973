"""what a record said when it was returned, so that its next review shows what has changed since

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("scenario", "product"):
        op.add_column(table, sa.Column("returned_content", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in ("scenario", "product"):
        op.drop_column(table, "returned_content")
