"""lists: rows of several sheets, what an import gave last and what it changed, lists brought in the browser

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_row") as batch:
        batch.add_column(sa.Column("sheet", sa.String(length=100), nullable=False, server_default=""))
        batch.add_column(sa.Column("stated", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("import_run") as batch:
        batch.add_column(sa.Column("list_name", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_by_member", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("kept", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "imported_content",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.UniqueConstraint("subject", "record_id"),
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("import_run.id"), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("is_created", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
    )
    op.create_index("ix_import_change_run_id", "import_change", ["run_id"])
    op.create_table(
        "import_upload",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("list_name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("clears_empty", sa.Boolean(), nullable=False),
        sa.Column("releases", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("check", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("import_run.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_import_upload_account_id", "import_upload", ["account_id"])
    op.create_index("ix_import_upload_state", "import_upload", ["state"])


def downgrade() -> None:
    op.drop_table("import_upload")
    op.drop_table("import_change")
    op.drop_table("imported_content")
    with op.batch_alter_table("import_run") as batch:
        for name in ("list_name", "is_by_member", "kept"):
            batch.drop_column(name)
    with op.batch_alter_table("import_row") as batch:
        for name in ("sheet", "stated"):
            batch.drop_column(name)
