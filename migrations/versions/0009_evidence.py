"""What is stated of evidence, who looked at it, and who stands behind an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("evidence_facts", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("outcome", sa.Column("patent_number", sa.String(length=60), nullable=False, server_default=""))
    op.create_index("ix_outcome_patent_number", "outcome", ["patent_number"])
    op.add_column("advice", sa.Column("checked", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("organization", sa.Column("legal_person", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("organization", sa.Column("address", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("organization", sa.Column("owners", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("owners", "address", "legal_person"):
        op.drop_column("organization", name)
    op.drop_column("advice", "checked")
    op.drop_index("ix_outcome_patent_number", table_name="outcome")
    op.drop_column("outcome", "patent_number")
    op.drop_column("outcome", "evidence_facts")
