"""follow-through: what came after an approval, asked at 3, 6 and 12 months

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import calendar
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def upgrade() -> None:
    follow_up = op.create_table(
        "follow_up",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("month", sa.Integer(), primary_key=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.String(length=20), nullable=False),
        sa.Column("may_show_amount", sa.Boolean(), nullable=False),
        sa.Column("second_order", sa.Boolean(), nullable=False),
        sa.Column("adopters_count", sa.Integer(), nullable=False),
        sa.Column("adopters", sa.JSON(), nullable=False),
        sa.Column("still_in_use", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
    )
    op.create_index("follow_up_next_step_on", "follow_up", ["next_step_on"])
    outcome = sa.table(
        "outcome", sa.column("id", sa.Integer), sa.column("state", sa.String),
        sa.column("approved_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    approved = op.get_bind().execute(
        sa.select(outcome.c.id, outcome.c.approved_at).where(
            outcome.c.state == "approved", outcome.c.approved_at.is_not(None)
        )
    )
    # What was approved before is asked from now on; nobody gets a heap of questions that fell due in the past. A day
    # that is no working day is moved when it comes.
    today = date.today()
    rows = [
        {"outcome_id": key, "month": month, "due_on": due_on, "next_step_on": due_on, "version": 1, "contract": "",
         "amount": "", "may_show_amount": False, "second_order": False, "adopters_count": 0, "adopters": [],
         "still_in_use": False, "remark": ""}
        for key, at in approved
        for month in (3, 6, 12)
        if (due_on := _months_after(_local_day(at), month)) >= today
    ]  # fmt: skip
    if rows:
        op.bulk_insert(follow_up, rows)


def _local_day(at) -> date:
    moment = at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))
    return moment.astimezone(HONG_KONG).date()


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def downgrade() -> None:
    op.drop_table("follow_up")
