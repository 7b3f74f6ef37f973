"""What was public of a product is a revision, as it is of a scenario.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HOLDERS = ("application", "outcome")


def upgrade() -> None:
    op.execute("ALTER TABLE product_version RENAME TO product_revision")
    for table in HOLDERS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN product_version_id TO product_revision_id")


def downgrade() -> None:
    for table in HOLDERS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN product_revision_id TO product_version_id")
    op.execute("ALTER TABLE product_revision RENAME TO product_version")
