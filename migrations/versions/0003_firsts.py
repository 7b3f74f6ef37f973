"""plans that are signed, claims with a scope, review, public notice, dated rules

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
APPROVED = sa.text("state = 'approved'")


def upgrade() -> None:
    for name, length in (("plan_hash", 64), ("scope", 20), ("rules_version", 20)):
        op.add_column("outcome", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for name in ("plan_terms", "declarations"):
        op.add_column("outcome", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    for name in ("claimed_at", "returned_at", "notice_from", "notice_until"):
        op.add_column("outcome", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("outcome", sa.Column("review_round", sa.Integer(), nullable=False, server_default="0"))
    # What was approved before scopes were claimed was the first of its city.
    op.execute("UPDATE outcome SET scope = 'city' WHERE state IN ('approved', 'revoked')")
    op.drop_index("one_approved_outcome_a_product_and_kind", table_name="outcome")
    op.create_index(
        "one_approved_outcome_a_product_kind_and_scope", "outcome", ["product_id", "kind", "scope"], unique=True,
        sqlite_where=APPROVED, postgresql_where=APPROVED,
    )  # fmt: skip
    op.create_table(
        "plan_signature",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("side", sa.String(length=10), primary_key=True),
        sa.Column("plan_hash", sa.String(length=64), primary_key=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "advice",
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("advice", sa.String(length=10), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("outcome_id", sa.Integer(), sa.ForeignKey("outcome.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "rule_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.String(length=20), nullable=False, unique=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("rule_version", "objection", "advice", "plan_signature"):
        op.drop_table(table)
    op.drop_index("one_approved_outcome_a_product_kind_and_scope", table_name="outcome")
    op.create_index(
        "one_approved_outcome_a_product_and_kind", "outcome", ["product_id", "kind"], unique=True,
        sqlite_where=APPROVED, postgresql_where=APPROVED,
    )  # fmt: skip
    for name in ("plan_hash", "scope", "rules_version", "plan_terms", "declarations", "claimed_at", "returned_at",
                 "notice_from", "notice_until", "review_round"):  # fmt: skip
        op.drop_column("outcome", name)
