"""Changes of a released record's substance wait for review; applications say which scenario they answer.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# The substance as it is declared when this migration is written.
SUBSTANCE = {
    "scenario": ("title", "situation", "wanted_result", "domains", "requirements"),
    "product": ("title", "summary", "limits", "domains", "specifications"),
}
WAITING = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "proposed_revision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.String(length=20), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, index=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
    )
    op.create_index("proposed_revision_record", "proposed_revision", ["record_kind", "record_id"])
    op.create_index(
        "one_waiting_revision_a_record",
        "proposed_revision",
        ["record_kind", "record_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    for kind in SUBSTANCE:
        op.add_column(kind, sa.Column("substance_revision", sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE {kind} SET substance_revision = 1 WHERE revision > 0")
        find_substance(kind)
    op.add_column("application", sa.Column("scenario_revision", sa.Integer(), nullable=False, server_default="1"))
    # What was public when they applied is what they answer.
    op.execute(
        "UPDATE application SET scenario_revision = COALESCE((SELECT MAX(r.number) FROM scenario_revision r "
        "WHERE r.scenario_id = application.scenario_id AND r.created_at <= application.submitted_at), 1)"
    )


def find_substance(kind: str) -> None:
    """The newest revision of each amended record that changed its substance."""
    connection = op.get_bind()
    owner = f"{kind}_id"
    revisions = sa.table(
        f"{kind}_revision", sa.column(owner), sa.column("number"), sa.column("content", sa.JSON())
    )
    records = sa.table(kind, sa.column("id"), sa.column("substance_revision"))
    amended = sa.select(revisions.c[owner]).where(revisions.c.number > 1)
    query = sa.select(revisions).where(revisions.c[owner].in_(amended)).order_by(revisions.c[owner], revisions.c.number)
    newest: dict[int, int] = {}
    before: dict[int, Any] = {}
    for record, number, content in connection.execute(query):
        substance = [content.get(name) or None for name in SUBSTANCE[kind]]
        if record in before and before[record] != substance:
            newest[record] = number
        before[record] = substance
    for record, number in newest.items():
        connection.execute(sa.update(records).where(records.c.id == record).values(substance_revision=number))


def downgrade() -> None:
    op.drop_column("application", "scenario_revision")
    for kind in SUBSTANCE:
        op.drop_column(kind, "substance_revision")
    op.drop_table("proposed_revision")
