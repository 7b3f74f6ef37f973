"""Who wrote the report of a trial, beside the side that they spoke for.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("reporter_account_id", sa.Integer(), nullable=True))
    # The log knows the actor of each report; the last one counts.
    op.execute(
        "UPDATE outcome SET reporter_account_id = (SELECT event.actor_id FROM event WHERE event.id = ("
        "SELECT max(last.id) FROM event AS last WHERE last.kind = 'outcome.reported'"
        " AND last.subject_kind = 'outcome' AND last.subject_id = outcome.id))"
    )


def downgrade() -> None:
    op.drop_column("outcome", "reporter_account_id")
