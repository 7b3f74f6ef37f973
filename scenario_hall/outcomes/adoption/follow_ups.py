"""What comes after an approval: both sides are asked at 3, 6 and 12 months, reminded once, and either may answer.

The days are worked out when a question is scheduled and looked at again when it falls due, because the holidays of
the next year are made known only towards the end of this one.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day, local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, parties_spoken_for, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.models import (
    MONTHS,
    REMINDER_WORKING_DAYS,
    AmountBand,
    Answers,
    Contract,
    FollowUp,
)
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.workdays import calendar_of


def schedule_follow_ups(session: Session, outcome: Outcome) -> None:
    """Put the three questions on the calendar, in the transaction that approves ``outcome``."""
    if outcome.approved_at is None:
        raise ValueError("only an approved record is followed")
    approved_on = local_day(outcome.approved_at)
    working = calendar_of(outcome.scenario.region)
    for month in MONTHS:
        due_on = working.on_or_after(months_after(approved_on, month))
        session.add(FollowUp(outcome_id=outcome.pk, month=month, due_on=due_on, next_step_on=due_on))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def end_follow_ups(session: Session, outcome: Outcome) -> None:
    """Ask no more, in the transaction that revokes ``outcome``; what was answered stays."""
    for follow_up in follow_ups_of(session, outcome):
        follow_up.next_step_on = None
        session.add(follow_up)


def follow_ups_of(session: Session, outcome: Outcome) -> Sequence[FollowUp]:
    """Those of one record, the earliest first."""
    query = select(FollowUp).where(col(FollowUp.outcome_id) == outcome.pk).order_by(col(FollowUp.month))
    return session.exec(query).all()


def get_follow_up(session: Session, outcome: Outcome, month: int) -> FollowUp:
    """The question, once it was asked. Raises NotFound."""
    found = session.get(FollowUp, (outcome.pk, month))
    if found is None or found.asked_at is None:
        raise NotFound(N_("This has not been asked yet."))
    return found


def ask_due_follow_ups(session: Session, *, limit: int = 100) -> int:
    """Ask and remind what is due by the server's clock; returns how many rows it looked at."""
    due = (
        select(FollowUp.outcome_id, FollowUp.month)
        .where(col(FollowUp.next_step_on) <= local_today())
        .order_by(col(FollowUp.next_step_on), col(FollowUp.outcome_id), col(FollowUp.month))
        .limit(limit)
    )
    keys = session.exec(due).all()
    for outcome_id, month in keys:
        with transaction(session):
            _take_next_step(session, outcome_id, month)
    return len(keys)


def _take_next_step(session: Session, outcome_id: int, month: int) -> None:
    # The record is locked first here, in an answer and in a revocation, so none of them waits for another in a circle.
    outcome = session.get_one(Outcome, outcome_id, with_for_update=True, populate_existing=True)
    follow_up = session.get_one(FollowUp, (outcome_id, month), populate_existing=True)
    today = local_today()
    if follow_up.next_step_on is None or follow_up.next_step_on > today:
        return
    session.add(follow_up)
    if outcome.state != lifecycle.APPROVED or follow_up.answered_at is not None:
        follow_up.next_step_on = None
        return
    working = calendar_of(outcome.scenario.region)
    if not working.is_working_day(today):
        follow_up.next_step_on = working.on_or_after(today)
        if follow_up.asked_at is None:
            follow_up.due_on = working.on_or_after(follow_up.due_on)
        return
    if follow_up.asked_at is None:
        follow_up.asked_at, follow_up.next_step_on = now(), working.after(today, REMINDER_WORKING_DAYS)
        record_event(session, None, outcome, "outcome.follow_up_asked", {"month": month})
    else:
        follow_up.reminded_at, follow_up.next_step_on = now(), None
        record_event(session, None, outcome, "outcome.follow_up_reminded", {"month": month})


def answer_follow_up(
    actor: Actor, *, session: Session, outcome: Outcome, month: int, version: int | None, answers: Answers
) -> FollowUp:
    """Answer for both sides, or correct the answer for some days more; the log keeps every answer that was given.

    Raises NotFound (not asked), Denied, StaleEdit, WrongState (revoked, or too late to correct), Invalid.
    """
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        require(actor, "answer_follow_up", outcome)
        follow_up = get_follow_up(session, outcome, month)
        session.refresh(follow_up)
        if outcome.state != lifecycle.APPROVED:
            raise WrongState(N_("The approval was revoked; nothing more is asked."))
        if version is not None and follow_up.version != version:
            raise StaleEdit(follow_up)
        if not follow_up.takes_answers(now()):
            raise WrongState(N_("The time for corrections has passed."))
        if answers.contract is not Contract.YES and answers.amount is not AmountBand.NONE:
            raise Invalid({"amount": N_("Without a contract there is no amount: choose “none”.")})
        require_lines(names={"adopters": (each.name for each in answers.adopters)})
        given = answers.model_copy(update={"may_show_amount": _may_show_amount(actor, outcome, follow_up, answers)})
        for name, value in given.model_dump(mode="json").items():
            setattr(follow_up, name, value)
        is_correction = follow_up.answered_at is not None
        if is_correction:
            follow_up.corrected_at = now()
        else:
            follow_up.answered_at = now()
        follow_up.answered_by, follow_up.next_step_on = actor.account_id, None
        follow_up.version += 1
        session.add(follow_up)
        record_event(
            session,
            actor,
            outcome,
            "outcome.follow_up_corrected" if is_correction else "outcome.follow_up_answered",
            {"month": month, "answers": given.model_dump(mode="json")},
        )
    return follow_up


def may_permit_amount(actor: Actor, outcome: Outcome) -> bool:
    """Whose price it is decides whether it is shown: the supplier."""
    return bool(parties_spoken_for(actor, outcome, ("supplier",)))


def _may_show_amount(actor: Actor, outcome: Outcome, follow_up: FollowUp, answers: Answers) -> bool:
    if may_permit_amount(actor, outcome):
        return answers.may_show_amount
    # The supplier's permission was given for the band that they saw.
    return follow_up.may_show_amount and follow_up.amount == answers.amount
