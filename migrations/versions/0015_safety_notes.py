"""Safety requirements on site.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scenario", sa.Column("safety_notes", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("scenario", "safety_notes")
