"""Everything that the page of one application shows to its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.applications.judging.service import FEWEST_SCORES, counted_scores
from scenario_hall.applications.lifecycle import ACCEPTED, OPEN
from scenario_hall.applications.messages import ShownMessage, is_own_name_passed, may_write, messages_of
from scenario_hall.applications.models import Application
from scenario_hall.applications.service import get_application
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, can, cautions, open_transitions, require
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.outcomes.lifecycle import CLAIMED, NOTICE
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.withdrawal import signed_applications
from scenario_hall.quantities.verdicts import Verdict, judge


@dataclass(frozen=True)
class Messages:
    """What the two sides wrote to each other, whether the reader may write, and whether the other side then sees their
    name (None: it does, since both sit in one jurisdiction)."""

    shown: Sequence[ShownMessage]
    may_write: bool
    is_name_passed: bool | None


@dataclass(frozen=True)
class ApplicationDossier:
    """What one reader sees of an application, and may do with it."""

    application: Application
    files: Sequence[StoredFile]
    steps: Sequence[Transition]
    can_renew: bool
    outcomes: Sequence[Outcome]
    asked: Sequence[str]
    unknown: Sequence[str]
    can_plan: bool
    can_ask: bool
    can_answer: bool
    can_view_judging: bool
    is_demand: bool
    scores_needed: int  # before the evaluators see each other's
    scores_missing: int  # where the reader may accept
    messages: Messages | None  # None: not for the reader
    events: Sequence[Event]
    cautions: Sequence[str]  # why the reader is offered less than their membership would allow


def application_dossier(session: Session, actor: Actor, code: str) -> ApplicationDossier:
    """Raises NotFound, also for an application that the reader may not see."""
    application = get_application(session, code)
    require(actor, "view", application)
    outcomes = select(Outcome).where(col(Outcome.application_id) == application.pk).order_by(col(Outcome.id))
    parties = application.parties()
    is_older = application.answers_older_scenario()
    here = {"shortlist", "accept", "decline", "withdraw"}
    if application.state == ACCEPTED and (not is_older or signed_applications(session, [application.pk])):
        here.remove("withdraw")
    found = session.exec(outcomes).all()
    scores = len(counted_scores(session, [application])[application.pk])
    sees_judging = can(actor, "view_judging", application)
    return ApplicationDossier(
        application=application,
        files=files_of(session, "application", application.pk),
        steps=[step for step in open_transitions(actor, application) if step.action in here],
        can_renew=can(actor, "renew", application) and is_older,
        outcomes=found,
        asked=application.open_questions,
        unknown=not_stated(application),
        can_plan=application.state == ACCEPTED and can(actor, "plan", application),
        can_ask=can(actor, "ask", application) and application.state in OPEN,
        can_answer=can(actor, "answer", application) and application.state in OPEN,
        can_view_judging=sees_judging,
        scores_needed=FEWEST_SCORES,
        scores_missing=max(0, FEWEST_SCORES - scores) if can(actor, "accept", application) else 0,
        is_demand=parties["demand"] in actor.memberships,
        messages=messages_for(session, actor, application, found),
        events=history_of(session, actor, application),
        cautions=cautions(actor, application),
    )


def messages_for(
    session: Session, actor: Actor, application: Application, outcomes: Sequence[Outcome]
) -> Messages | None:
    """For both sides; for neutral administrators while a claim that rests on the application is under review."""
    is_reviewed = any(each.state in (CLAIMED, NOTICE) for each in outcomes)
    reviews = is_reviewed and can(actor, "review_messages", application)
    if not reviews and not can(actor, "view_messages", application):
        return None
    is_writer = may_write(actor, application)
    return Messages(
        messages_of(session, actor, application),
        is_writer,
        is_own_name_passed(session, actor, application) if is_writer else None,
    )


def not_stated(application: Application) -> list[str]:
    """Requirements that the product says nothing of, that were neither answered nor asked."""
    settled = {line.metric for line in application.answer_lines} | set(application.questions)
    offered = application.product.specification_lines
    return [
        line.metric
        for line in application.scenario.requirement_lines
        if line.metric not in settled and judge(line, offered).verdict is Verdict.UNKNOWN
    ]
