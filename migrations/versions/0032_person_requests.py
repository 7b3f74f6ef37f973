"""people's requests about their data

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("person_request")
