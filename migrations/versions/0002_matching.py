"""opinions on matches, questions on applications

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_opinion",
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), primary_key=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id"), primary_key=True),
        sa.Column("opinion", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("application", sa.Column("questions", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("application", "questions")
    op.drop_table("match_opinion")
