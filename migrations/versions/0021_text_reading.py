"""What was read in a scenario's or a product's own text, kept beside it.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("scenario", "product"):
        op.add_column(table, sa.Column("text_reading", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in ("scenario", "product"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("text_reading")
