"""proof: signed checkpoints of the log, its tree's hashes, and certificates as they were signed

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_table(
        "signed_certificate",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("certificate_id", sa.Integer(), sa.ForeignKey("certificate.id"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
        sa.UniqueConstraint("certificate_id", "status", name="one_signature_a_status"),
    )


def downgrade() -> None:
    op.drop_table("signed_certificate")
    op.drop_table("log_checkpoint")
    op.drop_table("log_node")
