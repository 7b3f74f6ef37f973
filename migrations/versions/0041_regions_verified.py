"""an organisation's region and a pilot platform's number of trials, among the facts that are verified anew

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FIELDS = ("region", "pilot_capacity")
VERIFIED_ANEW = ("name", "side", "registration_kind", "registration_number", "legal_person", "owners", "address")
organization = sa.table(
    "organization",
    sa.column("id", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("updated_at", MOMENT),
    sa.column("facts_changed_at", MOMENT),
    sa.column("region", sa.String()),
    sa.column("pilot_capacity", sa.Integer()),
)
fact = sa.table(
    "organization_fact",
    sa.column("id", sa.Integer()),
    sa.column("organization_id", sa.Integer()),
    sa.column("field", sa.String()),
    sa.column("value", sa.JSON()),
    sa.column("stated_at", MOMENT),
    sa.column("superseded_at", MOMENT),
    sa.column("confirmed_at", MOMENT),
)


def upgrade() -> None:
    # What is there now was there when administrators looked, or nobody knows better: nothing waits. Nothing stated
    # ("" or 0) has no row, as in facts.py.
    rows = []
    for each in op.get_bind().execute(sa.select(organization).order_by(organization.c.id)):
        is_checked = each.state in ("verified", "suspended")
        rows += [
            {
                "organization_id": each.id,
                "field": field,
                "value": getattr(each, field),
                "stated_at": each.updated_at,
                "confirmed_at": each.updated_at if is_checked else None,
            }
            for field in FIELDS
            if getattr(each, field)
        ]
    if rows:
        op.bulk_insert(fact, rows)


def downgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.delete(fact).where(fact.c.field.in_(FIELDS)))
    # Who waited with these alone waits with nothing: no administrator could decide it any more.
    waiting = sa.select(organization).where(organization.c.facts_changed_at.is_not(None))
    for each in connection.execute(waiting).all():
        moments = _waiting_since(connection, each.id)
        connection.execute(
            sa.update(organization)
            .where(organization.c.id == each.id)
            .values(facts_changed_at=min(moments) if moments else None)
        )


def _waiting_since(connection: sa.Connection, organization_id: int) -> list[object]:
    own = sa.select(fact).where(fact.c.organization_id == organization_id).order_by(fact.c.id)
    confirmed: dict[str, str] = {}
    current = []
    for row in connection.execute(own):
        if row.confirmed_at is not None:
            confirmed[row.field] = json.dumps(row.value)
        if row.superseded_at is None and row.confirmed_at is None and row.field in VERIFIED_ANEW:
            current.append(row)
    return [
        row.stated_at
        for row in current
        if json.dumps(row.value) != confirmed.get(row.field, json.dumps([] if row.field == "owners" else ""))
    ]
