"""signing keys that machines share, and which older code the schema still serves

Revision ID: 0054
Revises: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

# What is older asks for its own schema and no other.
breaks_older_code = True


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=40), primary_key=True),
        sa.Column("public", sa.String(length=44), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_signed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
    )


    op.create_table(
        "schema_floor",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision", sa.String(length=32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("schema_floor")
    op.drop_table("signing_key")
