"""What administrators review: the queues, and everything for a decision on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import now
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import VISITOR, Actor, can, cautions
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.review_times import median_days
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.claim.models import Advice, Objection
from scenario_hall.outcomes.lifecycle import CLAIMED, NOTICE
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import SUBMITTED as SUBMITTED_PRODUCT
from scenario_hall.products.models import Product
from scenario_hall.publishing.lifecycle import PROPOSED
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.scenarios.lifecycle import SUBMITTED as SUBMITTED_SCENARIO
from scenario_hall.scenarios.models import Scenario

MOST_ROWS = 200


@dataclass(frozen=True)
class Queue:
    """What waits for administrators: the rows, the oldest first, and since when each of them waits."""

    title: str
    rows: Callable[[], SelectOfScalar[Any]]
    since: str = "updated_at"  # the rows' attribute


def _in_state(table: Any, state: str) -> Callable[[], SelectOfScalar[Any]]:
    return lambda: select(table).where(table.state == state).order_by(table.updated_at, table.id)


def _changed_facts() -> SelectOfScalar[Organization]:
    changed_at = col(Organization.facts_changed_at)
    return select(Organization).where(changed_at.is_not(None)).order_by(changed_at, col(Organization.id))


def _claims() -> SelectOfScalar[Outcome]:
    claimed = select(Outcome).where(col(Outcome.state) == CLAIMED)
    return claimed.order_by(col(Outcome.claimed_at), col(Outcome.id))


def _open_objections() -> SelectOfScalar[Objection]:
    return (
        select(Objection)
        .join(Outcome, col(Outcome.id) == col(Objection.outcome_id))
        .where(col(Outcome.state) == NOTICE, col(Objection.answered_at).is_(None))
        .order_by(col(Objection.made_at), col(Objection.id))
    )


def _ended_notices() -> SelectOfScalar[Outcome]:
    """Those that can be approved now: what an open objection holds up waits in the queue of objections."""
    is_held_up = exists().where(col(Objection.outcome_id) == col(Outcome.id), col(Objection.answered_at).is_(None))
    return (
        select(Outcome)
        .where(col(Outcome.state) == NOTICE, col(Outcome.notice_until) < now(), ~is_held_up)
        .order_by(col(Outcome.notice_until), col(Outcome.id))
    )


QUEUES: dict[str, Queue] = {
    "organizations": Queue(N_("Organisations"), _in_state(Organization, REGISTERED)),
    "facts": Queue(N_("Changed details"), _changed_facts, "facts_changed_at"),
    "scenarios": Queue(N_("Scenarios"), _in_state(Scenario, SUBMITTED_SCENARIO)),
    "products": Queue(N_("Products"), _in_state(Product, SUBMITTED_PRODUCT)),
    "revisions": Queue(N_("Changes"), _in_state(ProposedRevision, PROPOSED)),
    "outcomes": Queue(N_("First trials & uses"), _claims, "claimed_at"),
    "objections": Queue(N_("Objections"), _open_objections, "made_at"),
    "notices": Queue(N_("Ended public notices"), _ended_notices, "notice_until"),
}


def rows_for(actor: Actor, queue: str) -> SelectOfScalar[Any]:
    """The queue's rows for this administrator, the oldest first; a claim on which they advised waits for others."""
    rows = QUEUES[queue].rows()
    if queue != "outcomes":
        return rows
    has_advised = exists().where(
        col(Advice.outcome_id) == col(Outcome.id),
        col(Advice.round) == col(Outcome.review_round),
        col(Advice.account_id) == actor.account_id,
    )
    return rows.where(~has_advised)


@dataclass(frozen=True)
class ReviewQueues:
    """How many wait in each queue, since when, how long reviews usually take, and the rows of one of them."""

    queues: Mapping[str, Queue]
    counts: Mapping[str, int]
    queue: str
    rows: Sequence[Any]
    oldest: Mapping[str, datetime]  # since when the first one waits; empty queues are left out
    median_days: Mapping[str, float]


@dataclass(frozen=True)
class ReviewDossier:
    """A submitted scenario or product with everything that its reviewer needs."""

    kind: str
    record: Scenario | Product
    organization: Organization
    documents: Sequence[StoredFile]  # the organisation's
    files: Sequence[StoredFile]
    may_decide: bool
    cautions: Sequence[str]  # why somebody else decides
    events: Sequence[Event]
    returned: Event | None  # the last return: its reason and notes
    changes: Sequence[FieldChange]  # since then


def review_queues(session: Session, chosen: str = "", actor: Actor = VISITOR) -> ReviewQueues:
    """The chosen queue, else the first that is not empty, as it waits for ``actor``; the oldest first."""
    waiting = {name: session.exec(rows_for(actor, name).limit(MOST_ROWS)).all() for name in QUEUES}
    if chosen not in QUEUES:
        chosen = next((name for name, rows in waiting.items() if rows), next(iter(QUEUES)))
    return ReviewQueues(
        queues=QUEUES,
        counts={name: len(rows) for name, rows in waiting.items()},
        queue=chosen,
        rows=waiting[chosen],
        oldest={name: getattr(rows[0], QUEUES[name].since) for name, rows in waiting.items() if rows},
        median_days=median_days(session),
    )


def review_dossier(session: Session, actor: Actor, record: Scenario | Product) -> ReviewDossier:
    """What an administrator sees of a record before deciding."""
    events, before = history_of(session, actor, record), record.returned_content
    return ReviewDossier(
        kind=record.subject,
        record=record,
        organization=record.organization,
        documents=files_of(session, "organization", record.organization_id),
        files=files_of(session, record.subject, record.pk),
        may_decide=can(actor, "return", record),
        cautions=cautions(actor, record),
        events=events,
        returned=next((each for each in events if each.kind == f"{record.subject}.returned"), None),
        changes=changes(record.fields, before, record.public_content()) if before else [],
    )
