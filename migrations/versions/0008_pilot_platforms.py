"""Pilot platforms with capabilities and capacity, and their attestations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organization") as table:
        table.add_column(sa.Column("is_pilot_recognised", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("pilot_capabilities", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("pilot_capacity", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("outcome") as table:
        table.add_column(sa.Column("platform_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("platform_role", sa.String(length=10), nullable=False, server_default=""))
        table.create_foreign_key("outcome_platform_id_fkey", "organization", ["platform_id"], ["id"])
        table.create_index("ix_outcome_platform_id", ["platform_id"])
    op.create_table(
        "attestation",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("results_hash", sa.String(length=64), primary_key=True),
        sa.Column("platform_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("attestation")
    with op.batch_alter_table("outcome") as table:
        table.drop_index("ix_outcome_platform_id")
        table.drop_constraint("outcome_platform_id_fkey", type_="foreignkey")
        table.drop_column("platform_role")
        table.drop_column("platform_id")
    with op.batch_alter_table("organization") as table:
        for name in ("pilot_capacity", "pilot_capabilities", "is_pilot_recognised"):
            table.drop_column(name)
