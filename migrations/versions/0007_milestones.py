"""Milestones of signed plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("name", sa.String(length=20), primary_key=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("exempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exempted_by", sa.Integer(), nullable=True),
        sa.Column("exemption", sa.String(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True, index=True),
    )


def downgrade() -> None:
    op.drop_table("milestone")
