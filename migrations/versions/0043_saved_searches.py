"""saved searches, what they found, and letters that can be stopped by one click

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("watch", sa.String(length=12), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("compiled", sa.JSON(), nullable=False),
        sa.Column("words_mark", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_saved_search_account_id", "saved_search", ["account_id"])
    op.create_index("ix_saved_search_words_mark", "saved_search", ["words_mark"])
    op.create_table(
        "saved_search_key",
        sa.Column("key", sa.String(length=80), primary_key=True),
        sa.Column("search_id", sa.Integer(), sa.ForeignKey("saved_search.id"), primary_key=True),
    )
    op.create_index("ix_saved_search_key_search_id", "saved_search_key", ["search_id"])
    op.create_table(
        "alert_hit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("search_id", sa.Integer(), sa.ForeignKey("saved_search.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("record_kind", sa.String(length=12), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("is_of_many", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("search_id", "record_kind", "record_id"),
    )
    op.create_index("ix_alert_hit_account_id", "alert_hit", ["account_id"])
    op.create_index("alert_hit_record", "alert_hit", ["record_kind", "record_id"])
    op.create_index("alert_hit_due", "alert_hit", ["due_at", "account_id"])
    op.add_column("letter", sa.Column("kind", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("unsubscribe", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("letter") as table:
        table.drop_column("unsubscribe")
        table.drop_column("kind")
    for table_name in ("alert_hit", "saved_search_key", "saved_search"):
        op.drop_table(table_name)
