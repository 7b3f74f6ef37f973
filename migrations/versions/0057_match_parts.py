"""what the shares of a divided matcher found, until it is merged

Revision ID: 0057
Revises: 0056
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_part",
        sa.Column("subject", sa.String(length=20), primary_key=True),
        sa.Column("record_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("share", sa.String(length=20), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_merged", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
    )
    op.create_index("ix_match_part_position", "match_part", ["position"])


def downgrade() -> None:
    op.drop_table("match_part")
