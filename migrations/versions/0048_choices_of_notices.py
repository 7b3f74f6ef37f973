"""how a person wants to be told, letters of the day, and letters as HTML beside their text

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OWED = sa.text("digest_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("notice", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "notice_digest", "notice", ["digest_at", "account_id"], sqlite_where=OWED, postgresql_where=OWED
    )
    op.create_table(
        "notice_choice",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(length=20), primary_key=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
    )
    op.add_column("letter", sa.Column("html", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_index("notice_digest", "notice")
    with op.batch_alter_table("letter") as table:
        table.drop_column("html")
    with op.batch_alter_table("notice") as table:
        table.drop_column("digest_at")
    op.drop_table("quiet_hours")
    op.drop_table("notice_choice")
