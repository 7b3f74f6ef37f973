"""whose turn an item for review is, and who is away

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_turn",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("assigned_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("queue", "row_id"),
    )
    op.create_index("ix_review_turn_account_id", "review_turn", ["account_id"])
    op.create_table(
        "absence",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_index("ix_review_turn_account_id", table_name="review_turn")
    op.drop_table("review_turn")
