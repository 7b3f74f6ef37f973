"""nothing is lost: forms that were sent, once each, and forms that are kept while their author logs in again

Uploads that wait for their record need no table: they are files of their person (``subject_kind`` “staged”).

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key", sa.String(length=64), primary_key=True),
        sa.Column("request_id", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sent_form_at", "sent_form", ["at"])
    op.create_table(
        "kept_form",
        sa.Column("id", sa.String(length=64), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_kept_form_at", "kept_form", ["at"])


def downgrade() -> None:
    op.drop_table("kept_form")
    op.drop_table("sent_form")
