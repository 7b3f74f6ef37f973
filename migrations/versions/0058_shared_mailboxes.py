"""an organisation's shared mailbox, and which letters went there; notices are found by their event

Revision ID: 0058
Revises: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scenario_hall.core.online import create_index_online

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
    op.add_column("letter", sa.Column("organization_id", sa.Integer(), nullable=True))
    create_index_online("letter_to_mailbox", "letter", ["organization_id", "written_at"])
    create_index_online("notice_event", "notice", ["event_id"])


def downgrade() -> None:
    op.drop_index("notice_event", "notice")
    op.drop_index("letter_to_mailbox", "letter")
    with op.batch_alter_table("letter") as table:
        table.drop_column("organization_id")
    op.drop_table("shared_mailbox")
