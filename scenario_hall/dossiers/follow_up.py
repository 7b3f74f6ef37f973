"""What the form of a follow-up shows, and the sums and lists that administrators read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.clock import now
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.outcomes.adoption.adoption import Figure, Sums, follow_ups_behind
from scenario_hall.outcomes.adoption.follow_ups import get_follow_up, may_permit_amount
from scenario_hall.outcomes.adoption.models import FollowUp
from scenario_hall.outcomes.lifecycle import APPROVED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.service import get_outcome


@dataclass(frozen=True)
class FollowUpDossier:
    """One question, and what this reader may do with it."""

    outcome: Outcome
    follow_up: FollowUp
    may_answer: bool
    may_permit_amount: bool


def follow_up_dossier(session: Session, actor: Actor, code: str, month: int) -> FollowUpDossier:
    """Raises NotFound, Denied."""
    outcome = get_outcome(session, code)
    require(actor, "view_private", outcome)
    follow_up = get_follow_up(session, outcome, month)
    takes_answers = outcome.state == APPROVED and follow_up.takes_answers(now())
    return FollowUpDossier(
        outcome=outcome,
        follow_up=follow_up,
        may_answer=takes_answers and can(actor, "answer_follow_up", outcome),
        may_permit_amount=may_permit_amount(actor, outcome),
    )


@dataclass(frozen=True)
class FollowThrough:
    """The sums by month, and the list behind one figure."""

    sums: Sequence[Sums]
    figures: Sequence[Figure]
    figure: Figure
    month: int | None
    rows: Sequence[FollowUp]


def follow_through(session: Session, figure: Figure, month: int | None, sums: Sequence[Sums]) -> FollowThrough:
    """What was asked and answered after the approvals, with the rows that ``figure`` counts; ``sums``: as from
    ``sums_by_month``."""
    return FollowThrough(
        sums=sums,
        figures=list(Figure),
        figure=figure,
        month=month,
        rows=follow_ups_behind(session, figure, month),
    )
