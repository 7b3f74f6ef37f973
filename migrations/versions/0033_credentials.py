"""certificates as verifiable credentials

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_credential",
        sa.Column(
            "certificate_id", sa.Integer(), sa.ForeignKey("certificate.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("certificate_credential")
