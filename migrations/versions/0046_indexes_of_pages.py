"""indexes that pages walk instead of whole tables, and the sums of the gaps in supply

Revision ID: 0046
Revises: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0043"
branch_labels = None
depends_on = None

OPEN_MILESTONES = sa.text("reached_at IS NULL AND exempted_at IS NULL")
OPEN_FOLLOW_UPS = sa.text("asked_at IS NOT NULL AND answered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "gap_scenario",
        sa.Column("domain", sa.String(length=80), primary_key=True),
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), primary_key=True),
        sa.Column("qualifying", sa.Integer(), nullable=False),
    )
    op.create_index("ix_gap_scenario_scenario_id", "gap_scenario", ["scenario_id"])
    op.create_index("gap_scenario_newest", "gap_scenario", ["domain", "qualifying", "scenario_id"])
    op.create_table(
        "gap_count",
        sa.Column("organization_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("domain", sa.String(length=80), primary_key=True),
        sa.Column("kind", sa.String(length=12), primary_key=True),
        sa.Column("name", sa.String(length=200), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("gap_count_most", "gap_count", ["organization_id", "domain", "kind", "count", "name"])
    for table in ("scenario", "product"):
        op.create_index(f"{table}_owner_state", table, ["organization_id", "state"])
        op.drop_index(f"ix_{table}_organization_id", table)
    op.create_index("scenario_state_released", "scenario", ["state", "released_at"])
    op.create_index("scenario_state_deadline", "scenario", ["state", "deadline"])
    op.create_index(
        "administrators",
        "account",
        ["id"],
        sqlite_where=sa.text("is_administrator = 1"),
        postgresql_where=sa.text("is_administrator"),
    )
    op.create_index("recognised_platforms", "organization", ["is_pilot_recognised", "name"])
    op.create_index(
        "open_milestones",
        "milestone",
        ["due_on", "outcome_id"],
        sqlite_where=OPEN_MILESTONES,
        postgresql_where=OPEN_MILESTONES,
    )
    op.create_index(
        "open_follow_ups",
        "follow_up",
        ["asked_at", "outcome_id", "month"],
        sqlite_where=OPEN_FOLLOW_UPS,
        postgresql_where=OPEN_FOLLOW_UPS,
    )


def downgrade() -> None:
    op.drop_index("open_follow_ups", "follow_up")
    op.drop_index("open_milestones", "milestone")
    op.drop_index("administrators", "account")
    op.drop_index("recognised_platforms", "organization")
    op.drop_index("scenario_state_deadline", "scenario")
    op.drop_index("scenario_state_released", "scenario")
    for table in ("scenario", "product"):
        op.create_index(f"ix_{table}_organization_id", table, ["organization_id"])
        op.drop_index(f"{table}_owner_state", table)
    op.drop_table("gap_count")
    op.drop_table("gap_scenario")
