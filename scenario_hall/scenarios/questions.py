"""Questions on a scenario: the asker hidden from everyone but administrators, answers public, a cut-off before the
deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_minute, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound, TooMany, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.scenarios.models import Question, Scenario

# Questions end so long before the deadline, that answers are of use to everybody.
CUT_OFF = timedelta(days=3)
LONGEST = 2_000
MOST_OPEN = 5  # of one asker on one scenario


def cut_off_of(scenario: Scenario) -> datetime | None:
    """The last moment for questions; None where there is no deadline."""
    return scenario.deadline - CUT_OFF if scenario.deadline is not None else None


def takes_questions(scenario: Scenario) -> bool:
    cut_off = cut_off_of(scenario)
    return scenario.is_public() and scenario.is_open() and (cut_off is None or now() <= cut_off)


def ask(actor: Actor, *, session: Session, scenario: Scenario, text: str) -> Question:
    """Ask in public, without a name. Raises Denied, WrongState (after the cut-off: it says when that was), Invalid,
    TooMany."""
    with transaction(session):
        require(actor, "ask_question", scenario)
        cut_off = cut_off_of(scenario)
        if not scenario.is_open():
            raise WrongState(N_("This scenario no longer accepts questions."))
        if cut_off is not None and now() > cut_off:
            raise WrongState(N_("Questions were accepted until %(moment)s."), moment=local_minute(cut_off))
        if not text.strip() or len(text) > LONGEST:
            raise Invalid({"text": N_("Write a question of at most 2,000 characters.")})
        waiting = select(Question.id).where(
            col(Question.scenario_id) == scenario.pk,
            col(Question.account_id) == actor.account_id,
            col(Question.answered_at).is_(None),
        )
        if len(session.exec(waiting).all()) >= MOST_OPEN:
            raise TooMany(N_("Please wait until your earlier questions are answered."), retry_after=3600)
        question = Question(scenario_id=scenario.pk, account_id=actor.account_id, text=text.strip())
        session.add(question)
        session.flush()
        # The line in the log is public to administrators only; it names nobody but the actor.
        record_event(session, actor, scenario, "scenario.question", {"title": scenario.title})
    return question


def answer(actor: Actor, *, session: Session, scenario: Scenario, question_id: int, text: str) -> Question:
    """The owner's public answer; given once. Raises Denied, NotFound, WrongState, Invalid."""
    with transaction(session):
        require(actor, "answer_question", scenario)
        question = session.get(Question, question_id)
        if question is None or question.scenario_id != scenario.pk:
            raise NotFound()
        if question.answered_at is not None:
            raise WrongState(N_("This question has already been answered."))
        if not text.strip() or len(text) > LONGEST:
            raise Invalid({"text": N_("Write an answer of at most 2,000 characters.")})
        question.answer, question.answered_at = text.strip(), now()
        session.add(question)
        record_event(session, actor, scenario, "scenario.question_answered", {"question": question.id})
    return question


def questions_on(session: Session, scenario: Scenario) -> Sequence[Question]:
    """The oldest first; who asked is in the row, for administrators' pages only."""
    query = select(Question).where(col(Question.scenario_id) == scenario.pk).order_by(col(Question.id))
    return session.exec(query).all()
