"""novelty checks: the products like that of a claim, kept by a reader of the log

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "novelty_check",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("alike", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("novelty_check")
