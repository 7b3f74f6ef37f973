"""What counts: approved, unrevoked firsts of distinct products; one condition makes the figure and its list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import unindexed
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.claim.rules import Scope, rules_on
from scenario_hall.outcomes.lifecycle import APPROVED
from scenario_hall.outcomes.models import Outcome, OutcomeKind


@dataclass(frozen=True)
class Firsts:
    """Which firsts are meant: of a year (by certificate), a kind, a scope (wider claims cover narrower ones)."""

    year: int | None = None
    kind: OutcomeKind | None = None
    scope: Scope | None = None


@dataclass(frozen=True)
class Figures:
    """The counter by kind and scope, when it was counted, and by which rules a wider scope covers a narrower one."""

    total: int
    by_kind: dict[OutcomeKind, int]
    by_scope: dict[Scope, int]
    as_of: datetime
    rules_version: str


def firsts_condition(session: Session, firsts: Firsts) -> list[ColumnElement[bool]]:
    """Conditions on Outcome joined with Certificate."""
    conditions = [unindexed(col(Outcome.state)) == APPROVED, col(Outcome.approved_at).is_not(None)]
    if firsts.year is not None:
        conditions.append(col(Certificate.number).startswith(f"C-{firsts.year}-"))
    if firsts.kind is not None:
        conditions.append(col(Outcome.kind) == firsts.kind)
    if firsts.scope is not None:
        conditions.append(col(Outcome.scope).in_(rules_on(session, local_today()).covering(firsts.scope)))
    return conditions


def count_firsts(session: Session, firsts: Firsts) -> int:
    """How many products have a first that is meant."""
    query = select(func.count(func.distinct(Outcome.product_id))).join(
        Certificate, col(Certificate.outcome_id) == col(Outcome.id)
    )
    return session.exec(query.where(*firsts_condition(session, firsts))).one()


def figures_of(session: Session, year: int | None) -> Figures:
    """The counter of a year, or of all years."""
    return Figures(
        total=count_firsts(session, Firsts(year)),
        by_kind={kind: count_firsts(session, Firsts(year, kind)) for kind in OutcomeKind},
        by_scope={scope: count_firsts(session, Firsts(year, scope=scope)) for scope in Scope},
        as_of=now(),
        rules_version=rules_on(session, local_today()).version,
    )
