"""an organisation's shared mailbox, and which letters went there

Revision ID: 0058
Revises: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_mailbox",
        sa.Column(
            "organization_id", sa.Integer(), sa.ForeignKey("organization.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_shared_mailbox_email", "shared_mailbox", ["email"])
    with op.batch_alter_table("letter") as table:
        table.add_column(sa.Column("organization_id", sa.Integer(), nullable=True))
        table.create_foreign_key("letter_organization_id_fkey", "organization", ["organization_id"], ["id"])
    op.create_index("letter_to_mailbox", "letter", ["organization_id", "written_at"])


def downgrade() -> None:
    op.drop_index("letter_to_mailbox", "letter")
    with op.batch_alter_table("letter") as table:
        table.drop_constraint("letter_organization_id_fkey", type_="foreignkey")
        table.drop_column("organization_id")
    op.drop_table("shared_mailbox")
