"""Who acted for whom, memberships that have ended, and the facts that organisations state, with their days.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FACTS = (
    "name",
    "side",
    "registration_kind",
    "registration_number",
    "legal_person",
    "owners",
    "address",
    "website",
)
EITHER = ("supplier", "demand")
# Kinds of event by which somebody acted for a party; where there are several, the log does not say for which.
ACTS: dict[str, tuple[str, ...]] = {
    **{f"scenario.{name}": ("owner",) for name in ("drafted", "saved", "submitted", "amended", "contact_changed")},
    **{f"scenario.{name}": ("owner",) for name in ("closed", "match_judged", "question_answered", "criteria_set")},
    "scenario.scores_revealed": ("owner",),
    **{f"product.{name}": ("owner",) for name in ("drafted", "saved", "submitted", "amended")},
    **{f"application.{name}": ("supplier",) for name in ("submitted", "withdrawn", "answered")},
    **{f"application.{name}": ("demand",) for name in ("shortlisted", "accepted", "declined", "asked", "scored")},
    **{f"outcome.{name}": EITHER for name in ("planned", "signature", "plan_signed", "started", "reported")},
    **{f"outcome.{name}": EITHER for name in ("milestone_reached", "confirmed", "objected", "failed")},
    **{f"outcome.{name}": EITHER for name in ("follow_up_answered", "follow_up_corrected")},
    "outcome.attested": ("platform",),
    "outcome.claimed": ("supplier",),
    **{f"amendment.{name}": ("proposer",) for name in ("proposed", "withdrawn")},
    **{f"amendment.{name}": ("other",) for name in ("agreed", "refused")},
    **{f"organization.{name}": ("self",) for name in ("registered", "changed", "resubmitted")},
}


def upgrade() -> None:
    party_act = op.create_table(
        "party_act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.UniqueConstraint("account_id", "case_key", "organization_id"),
    )
    former_membership = op.create_table(
        "former_membership",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, index=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
    )
    organization_fact = op.create_table(
        "organization_fact",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("organization_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False, index=True),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("stated_at", MOMENT, nullable=False),
        sa.Column("stated_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
    )
    op.add_column("organization", sa.Column("facts_changed_at", MOMENT, nullable=True))
    op.create_index("ix_organization_facts_changed_at", "organization", ["facts_changed_at"])
    connection = op.get_bind()
    ended = _ended_memberships(connection)
    if ended:
        op.bulk_insert(former_membership, ended)
    acts = list(_acts(connection, ended))
    if acts:
        op.bulk_insert(party_act, acts)
    facts = list(_facts(connection))
    if facts:
        op.bulk_insert(organization_fact, facts)


def _ended_memberships(connection: sa.Connection) -> list[dict[str, Any]]:
    """Of real members only: the same event says that a request was declined."""
    events = _events(
        connection, ("organization.registered", "membership.accepted", "membership.role_changed", "membership.ended")
    )
    inside: set[tuple[int, int]] = set()
    found = []
    for event in events:
        data = json.loads(event.data)
        account_id = data.get("account", event.actor_id)
        member = (account_id, event.subject_id)
        if event.kind == "membership.ended":
            if member in inside:
                inside.discard(member)
                row = {"account_id": account_id, "organization_id": event.subject_id, "role": data.get("role", "viewer")}
                found.append({**row, "ended_at": event.at})
        elif account_id is not None:
            inside.add(member)
    return found


def _acts(connection: sa.Connection, ended: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    parties, cases = _parties_and_cases(connection)
    belonged: defaultdict[int, set[int]] = defaultdict(set)
    for row in _rows(connection, "membership", "account_id", "organization_id", "is_active"):
        if row.is_active:
            belonged[row.account_id].add(row.organization_id)
    for each in ended:
        belonged[each["account_id"]].add(each["organization_id"])
    known: set[tuple[int, str, int]] = set()
    for event in _events(connection, tuple(ACTS)):
        sides = parties.get((event.subject_kind, event.subject_id))
        if event.actor_id is None or sides is None:
            continue
        signed = json.loads(event.data).get("side", "")
        named = (signed,) if signed in sides else ACTS[event.kind]
        candidates = [sides[name] for name in named if name in sides]
        if len(named) > 1:
            candidates = [key for key in candidates if key in belonged[event.actor_id]]
        for key in cases[event.subject_kind, event.subject_id] if candidates else ():
            row = (event.actor_id, key, candidates[0])
            if row not in known:
                known.add(row)
                yield {"account_id": row[0], "case_key": key, "organization_id": row[2], "first_at": event.at}


def _parties_and_cases(
    connection: sa.Connection,
) -> tuple[dict[tuple[str, int], dict[str, int]], dict[tuple[str, int], tuple[str, ...]]]:
    parties: dict[tuple[str, int], dict[str, int]] = {}
    cases: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in _rows(connection, "organization", "id"):
        parties["organization", row.id] = {"self": row.id}
    for table in ("scenario", "product"):
        for row in _rows(connection, table, "id", "organization_id"):
            parties[table, row.id] = {"owner": row.organization_id}
    for row in _rows(connection, "application", "id", "organization_id", "scenario_id"):
        demand = parties["scenario", row.scenario_id]["owner"]
        parties["application", row.id] = {"supplier": row.organization_id, "demand": demand}
        cases["application", row.id] = (f"application:{row.id}", f"applicants:{row.scenario_id}")
    columns = ("id", "application_id", "supplier_id", "demand_id", "platform_id")
    for row in _rows(connection, "outcome", *columns):
        sides = {"supplier": row.supplier_id, "demand": row.demand_id}
        parties["outcome", row.id] = {**sides, **({"platform": row.platform_id} if row.platform_id else {})}
        cases["outcome", row.id] = cases["application", row.application_id]
    for row in _rows(connection, "plan_amendment", "id", "outcome_id", "proposer_id"):
        sides = parties["outcome", row.outcome_id]
        other = sides["demand"] if row.proposer_id == sides["supplier"] else sides["supplier"]
        parties["amendment", row.id] = {"proposer": row.proposer_id, "other": other}
        cases["amendment", row.id] = cases["outcome", row.outcome_id]
    for kind, key in parties:
        cases.setdefault((kind, key), (f"{kind}:{key}",))
    return parties, cases


def _facts(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """What each organisation states now, as of its last change: what it stated before is not known any more."""
    for row in _rows(connection, "organization", "id", "state", "updated_at", *FACTS):
        for field in FACTS:
            value = getattr(row, field)
            value = json.loads(value) if field == "owners" and isinstance(value, str) else value
            if value:
                yield {
                    "organization_id": row.id,
                    "field": field,
                    "value": value,
                    "stated_at": row.updated_at,
                    "confirmed_at": row.updated_at if row.state in ("verified", "suspended") else None,
                }


def _events(connection: sa.Connection, kinds: tuple[str, ...]) -> Iterator[Any]:
    event = sa.table(
        "event",
        sa.column("id", sa.Integer()),
        sa.column("at", MOMENT),
        *(sa.column(name) for name in ("kind", "actor_id", "subject_kind", "subject_id", "data")),
    )
    return iter(connection.execute(sa.select(event).where(event.c.kind.in_(kinds)).order_by(event.c.id)))


def _rows(connection: sa.Connection, name: str, *columns: str) -> Iterator[Any]:
    moments = ("updated_at",)
    table = sa.table(name, *(sa.column(each, MOMENT if each in moments else None) for each in columns))
    return iter(connection.execute(sa.select(table).order_by(table.c[columns[0]])))


def downgrade() -> None:
    op.drop_index("ix_organization_facts_changed_at", "organization")
    op.drop_column("organization", "facts_changed_at")
    for table in ("organization_fact", "former_membership", "party_act"):
        op.drop_table(table)
