"""the lists of revocations as they were signed last

Revision ID: 0052
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_list",
        sa.Column("name", sa.String(length=20), primary_key=True),
        sa.Column("covers", sa.String(length=80), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("signed_list")
