"""What administrators review: the queues, and everything for a decision on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import Actor, can, cautions
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.lifecycle import CLAIMED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import SUBMITTED as SUBMITTED_PRODUCT
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import SUBMITTED as SUBMITTED_SCENARIO
from scenario_hall.scenarios.models import Scenario

MOST_ROWS = 200


@dataclass(frozen=True)
class Queue:
    """The records of one table that wait, by their state or another condition, and the action that only those have
    who may decide."""

    title: str
    table: Any
    waits: Any  # the condition
    action: str


QUEUES: dict[str, Queue] = {
    "organizations": Queue(N_("Organisations"), Organization, col(Organization.state) == REGISTERED, "verify"),
    "facts": Queue(N_("Changed details"), Organization, col(Organization.facts_changed_at).is_not(None), "check_facts"),
    "scenarios": Queue(N_("Scenarios"), Scenario, col(Scenario.state) == SUBMITTED_SCENARIO, "release"),
    "products": Queue(N_("Products"), Product, col(Product.state) == SUBMITTED_PRODUCT, "list"),
    "outcomes": Queue(N_("First trials & uses"), Outcome, col(Outcome.state) == CLAIMED, "advise"),
}


@dataclass(frozen=True)
class ReviewQueues:
    """How many wait in each queue, and the rows of one of them."""

    queues: Mapping[str, Queue]
    counts: Mapping[str, int]
    queue: str
    rows: Sequence[Any]


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


def review_queues(session: Session, chosen: str = "") -> ReviewQueues:
    """The chosen queue, else the first that is not empty; the oldest first."""
    counts = {
        name: session.exec(select(func.count()).select_from(each.table).where(each.waits)).one()
        for name, each in QUEUES.items()
    }
    if chosen not in QUEUES:
        chosen = next((name for name, count in counts.items() if count), next(iter(QUEUES)))
    table = QUEUES[chosen].table
    query = select(table).where(QUEUES[chosen].waits).order_by(table.updated_at, table.id).limit(MOST_ROWS)
    return ReviewQueues(QUEUES, counts, chosen, session.exec(query).all())


def review_dossier(session: Session, actor: Actor, record: Scenario | Product) -> ReviewDossier:
    """What an administrator sees of a record before deciding."""
    return ReviewDossier(
        kind=record.subject,
        record=record,
        organization=record.organization,
        documents=files_of(session, "organization", record.organization_id),
        files=files_of(session, record.subject, record.pk),
        may_decide=can(actor, "return", record),
        cautions=cautions(actor, record),
        events=history_of(session, actor, record),
    )
