"""The queues of what waits for administrators, the oldest first, and whom four eyes leave their items to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.texts import N_
from scenario_hall.organizations.lifecycle import REGISTERED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.claim.models import Advice, Objection
from scenario_hall.outcomes.lifecycle import CLAIMED, NOTICE
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import SUBMITTED as SUBMITTED_PRODUCT
from scenario_hall.products.models import Product
from scenario_hall.publishing.lifecycle import PROPOSED
from scenario_hall.publishing.models import ProposedRevision
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
        .where(col(Outcome.state) == NOTICE, col(Outcome.notice_until) < _moment(), ~is_held_up)
        .order_by(col(Outcome.notice_until), col(Outcome.id))
    )


def _moment() -> BindParameter[datetime]:
    """The moment at which the statement is run, which may be one that was made before."""
    return bindparam("moment", callable_=now, type_=UtcDateTime)


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
QUEUE_NAMES = {name: queue.title for name, queue in QUEUES.items()}


def rows_for(account_id: int | BindParameter[int] | None, queue: str) -> SelectOfScalar[Any]:
    """The queue's rows for this administrator, the oldest first; a claim on which they advised waits for others."""
    rows = QUEUES[queue].rows()
    if queue != "outcomes":
        return rows
    has_advised = exists().where(
        col(Advice.outcome_id) == col(Outcome.id),
        col(Advice.round) == col(Outcome.review_round),
        col(Advice.account_id) == account_id,
    )
    return rows.where(~has_advised)


# Queue → what deciding its items is called in the policy.
DECISIONS = {
    "organizations": "verify",
    "facts": "check_facts",
    "scenarios": "release",
    "products": "list",
    "revisions": "accept",
    "outcomes": "advise",
    "objections": "answer_objection",
    "notices": "approve",
}


def governed(queue: str, row: Any) -> Any:
    """What policy is asked about: an objection is answered by the rules of its claim."""
    return row.outcome if queue == "objections" else row


def may_decide(actor: Actor, queue: str, row: Any) -> bool:
    """Whether four eyes leave the decision on this item of a queue to ``actor``."""
    return can(actor, DECISIONS[queue], governed(queue, row))


def id_column(queue: str) -> Any:
    """The column of the queue's table by which its items are named."""
    return QUEUES[queue].rows().column_descriptions[0]["entity"].id


def find_in_queue(session: Session, queue: str, row_id: int) -> Any | None:
    """The item, if it waits in this queue for anybody."""
    return session.exec(QUEUES[queue].rows().where(id_column(queue) == row_id)).first()


def find_waiting(session: Session, actor: Actor, queue: str, row_id: int) -> Any | None:
    """The item, if it waits in this queue for ``actor``."""
    return session.exec(rows_for(actor.account_id, queue).where(id_column(queue) == row_id)).first()
