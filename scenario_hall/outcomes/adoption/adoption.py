"""What came after the firsts, by the answers: a product's adoptions, the sums, and the list behind each figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, true
from sqlmodel import Session, col, func, select

from scenario_hall.core.db import unindexed
from scenario_hall.core.texts import N_
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.models import MONTHS, Contract, FollowUp
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.of_sides import outcomes_of_sides

MOST_ROWS = 200


@dataclass(frozen=True)
class Adoption:
    """An approved first and the newest answers to what came after it; None where nobody has answered yet."""

    outcome: Outcome
    follow_up: FollowUp | None


def adoptions_of(session: Session, product_id: int) -> list[Adoption]:
    """One line for each approved first of a product, the earliest first."""
    outcomes = session.exec(
        select(Outcome)
        .where(col(Outcome.product_id) == product_id, col(Outcome.state) == lifecycle.APPROVED)
        .order_by(col(Outcome.approved_at), col(Outcome.id))
    ).all()
    answered = session.exec(
        select(FollowUp)
        .where(
            col(FollowUp.outcome_id).in_([outcome.pk for outcome in outcomes]), col(FollowUp.answered_at).is_not(None)
        )
        .order_by(col(FollowUp.month))
    )
    newest = {follow_up.outcome_id: follow_up for follow_up in answered}
    return [Adoption(outcome, newest.get(outcome.pk)) for outcome in outcomes]


class Figure(StrEnum):
    """Each figure of the sums; it opens its list."""

    DUE = "due"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CONTRACTS = "contracts"
    SECOND_ORDERS = "second_orders"
    ADOPTERS = "adopters"
    IN_USE = "in_use"


FIGURE_NAMES: dict[str, str] = {
    Figure.DUE: N_("Waiting for an answer"),
    Figure.OVERDUE: N_("Overdue"),
    Figure.ANSWERED: N_("Answered"),
    Figure.CONTRACTS: N_("With a contract"),
    Figure.SECOND_ORDERS: N_("With a second order"),
    Figure.ADOPTERS: N_("With other adopters"),
    Figure.IN_USE: N_("Still in use"),
}


def _counted(figure: Figure) -> ColumnElement[bool]:
    """Which rows a figure counts."""
    is_answered = col(FollowUp.answered_at).is_not(None)
    is_open = and_(col(FollowUp.asked_at).is_not(None), col(FollowUp.answered_at).is_(None))
    conditions: dict[Figure, ColumnElement[bool]] = {
        Figure.DUE: and_(is_open, col(FollowUp.reminded_at).is_(None)),
        Figure.OVERDUE: and_(is_open, col(FollowUp.reminded_at).is_not(None)),
        Figure.ANSWERED: is_answered,
        Figure.CONTRACTS: and_(is_answered, col(FollowUp.contract) == Contract.YES),
        Figure.SECOND_ORDERS: and_(is_answered, col(FollowUp.second_order)),
        Figure.ADOPTERS: and_(is_answered, col(FollowUp.adopters_count) > 0),
        Figure.IN_USE: and_(is_answered, col(FollowUp.still_in_use)),
    }
    return conditions[figure]


@dataclass(frozen=True)
class Sums:
    """What was asked and answered at one month; ``adopters`` counts firsts that others followed."""

    month: int
    counts: dict[Figure, int]
    adopters: int

    @property
    def adoption_rate(self) -> float | None:
        """The share of the answered firsts that led to a contract; None where nobody has answered."""
        answered = self.counts[Figure.ANSWERED]
        return self.counts[Figure.CONTRACTS] / answered if answered else None


def sums_by_month(session: Session) -> list[Sums]:
    """One for each month that is asked about; only records whose approval stands are counted."""
    # An open question has no adopters yet, so their sum needs no condition.
    columns: list[Any] = [func.sum(case((_counted(figure), 1), else_=0)) for figure in Figure]
    query = (
        select(col(FollowUp.month), func.sum(col(FollowUp.adopters_count)), *columns)
        .join(Outcome, col(Outcome.id) == col(FollowUp.outcome_id))
        .where(col(Outcome.state) == lifecycle.APPROVED)
        .group_by(col(FollowUp.month))
    )
    rows: dict[int, tuple[int, list[int]]] = {
        month: (adopters, counts) for month, adopters, *counts in session.execute(query)
    }
    found = []
    for month in MONTHS:
        adopters, counts = rows.get(month, (0, [0] * len(Figure)))
        found.append(Sums(month, dict(zip(Figure, counts, strict=True)), adopters))
    return found


def follow_ups_behind(session: Session, figure: Figure, month: int | None = None) -> Sequence[FollowUp]:
    """The questions that a figure counts, of one month or of all; the one that has waited longest first."""
    query = (
        select(FollowUp)
        .join(Outcome, col(Outcome.id) == col(FollowUp.outcome_id))
        .where(
            unindexed(col(Outcome.state)) == lifecycle.APPROVED,
            _counted(figure),
            col(FollowUp.month) == month if month is not None else true(),
        )
        .order_by(col(FollowUp.asked_at), col(FollowUp.outcome_id), col(FollowUp.month))
        .limit(MOST_ROWS)
    )
    return session.exec(query).all()


def open_follow_ups(session: Session, organization_ids: Iterable[int]) -> Sequence[FollowUp]:
    """The questions that wait for an answer of these organisations; the one that has waited longest first."""
    keys = set(organization_ids)
    if not keys:
        return []
    query = (
        select(FollowUp)
        .join(Outcome, col(Outcome.id) == col(FollowUp.outcome_id))
        .where(
            col(FollowUp.outcome_id).in_(outcomes_of_sides(keys)),
            col(Outcome.state) == lifecycle.APPROVED,
            col(FollowUp.asked_at).is_not(None),
            col(FollowUp.answered_at).is_(None),
        )
        .order_by(col(FollowUp.asked_at), col(FollowUp.outcome_id), col(FollowUp.month))
        .limit(MOST_ROWS)
    )
    return session.exec(query).all()
