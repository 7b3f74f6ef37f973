"""The organisation that owns an imported list is called what it is.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE organization RENAME COLUMN is_list_holder TO is_imported_list_owner")


def downgrade() -> None:
    op.execute("ALTER TABLE organization RENAME COLUMN is_imported_list_owner TO is_list_holder")
