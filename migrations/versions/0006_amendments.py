"""Amendments of signed plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PROPOSED = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.add_column("outcome", sa.Column("amends", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "plan_amendment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.String(length=20), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("before_hash", sa.String(length=64), nullable=False),
        sa.Column("after_hash", sa.String(length=64), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
    )
    op.create_index(
        "one_open_amendment_an_outcome", "plan_amendment", ["outcome_id"], unique=True,
        sqlite_where=PROPOSED, postgresql_where=PROPOSED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("plan_amendment")
    op.drop_column("outcome", "amends")
