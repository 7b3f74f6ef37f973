"""Objections during a public notice: who may make one, and how it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, or_, select

from scenario_hall.applications.lifecycle import LIFECYCLE as APPLICATION
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, HallError, Invalid, NotFound, WrongState
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.limits import Limit, count_attempt
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import Event, record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.models import PlanAmendment
from scenario_hall.outcomes.service import logged_facts
from scenario_hall.products.lifecycle import LIFECYCLE as PRODUCT
from scenario_hall.scenarios.lifecycle import LIFECYCLE as SCENARIO

BY_ACCOUNT = Limit("objection", 5, timedelta(days=1))  # over all records; each of them is read by people


def _is_of_a_party(row: Transition) -> bool:
    return not any(who == "system" or who.endswith("administrator") for who in row.who)


# What only people of a party do, by the kind of event that says so: the transitions that the lifecycles leave to them,
# and what moves no state.
ACTS_OF_A_PARTY = frozenset(
    {
        row.event
        for each in (SCENARIO, PRODUCT, APPLICATION, lifecycle.LIFECYCLE, lifecycle.AMENDMENT)
        for row in each.transitions
        if _is_of_a_party(row)
    }
    | {
        "scenario.drafted",
        "scenario.saved",
        "scenario.contact_changed",
        "scenario.match_judged",
        "scenario.joint_proposed",
        "scenario.question_answered",
        "scenario.criteria_set",
        "scenario.scores_revealed",
        "product.drafted",
        "product.saved",
        "application.submitted",
        "application.asked",
        "application.answered",
        "application.conflict_declared",
        "application.impartiality_declared",
        "application.scored",
        "application.score_revised",
        "outcome.planned",
        "outcome.signature",
        "outcome.milestone_reached",
        "outcome.attested",
        "amendment.proposed",
    }
)


def object_to_notice(actor: Actor, *, session: Session, outcome: Outcome, reason: str) -> Objection:
    """Object while the notice runs, with a reason that everybody reads.

    Raises Denied (who belongs to a party, or has acted for one), WrongState, AlreadyExists (one of theirs is open),
    Invalid, TooMany.
    """
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        account_id = _check_objector(actor, session, outcome)
        if not reason.strip() or len(reason) > MAX_TEXT:
            raise Invalid({"reason": N_("Please give a reason; everyone concerned will read it.")})
        count_attempt(session, BY_ACCOUNT, str(account_id))
        objection = Objection(outcome_id=outcome.pk, account_id=account_id, reason=reason.strip())
        session.add(objection)
        session.flush()
        record_event(session, actor, outcome, "outcome.public_objection", {"objection": objection.id})
    return objection


def may_object(actor: Actor, session: Session, outcome: Outcome) -> bool:
    """May they make one now? Then the page offers it."""
    try:
        _check_objector(actor, session, outcome)
    except HallError:
        return False
    return True


def _check_objector(actor: Actor, session: Session, outcome: Outcome) -> int:
    """Their account. Raises what ``object_to_notice`` does."""
    require(actor, "object_publicly", outcome)
    if outcome.state != lifecycle.NOTICE or actor.account_id is None:
        raise WrongState(N_("This record is not on public notice."))
    if outcome.notice_until is None or now() > outcome.notice_until:
        raise WrongState(N_("The public notice has ended."))
    if _has_acted_for_a_party(session, actor.account_id, outcome):
        raise Denied(N_("You have acted for one of the parties to this record, so you cannot object to it."))
    if any(each.account_id == actor.account_id for each in open_objections_to(session, outcome)):
        raise AlreadyExists(
            N_("Your objection to this record has not been answered yet; you can object again after that.")
        )
    return actor.account_id


def _has_acted_for_a_party(session: Session, account_id: int, outcome: Outcome) -> bool:
    """By the log, also of those who have left the organisation since."""
    amendments = select(PlanAmendment.id).where(col(PlanAmendment.outcome_id) == outcome.pk)
    about = [
        (col(Event.subject_kind) == kind) & (col(Event.subject_id) == key)
        for kind, key in (
            ("outcome", outcome.pk),
            ("application", outcome.application_id),
            ("scenario", outcome.scenario_id),
            ("product", outcome.product_id),
        )
    ]
    about.append((col(Event.subject_kind) == "amendment") & col(Event.subject_id).in_(amendments))
    query = select(Event.id).where(col(Event.actor_id) == account_id, col(Event.kind).in_(ACTS_OF_A_PARTY), or_(*about))
    return session.exec(query.limit(1)).first() is not None


def objections_to(session: Session, outcome: Outcome) -> Sequence[Objection]:
    """All, the first first."""
    query = select(Objection).where(col(Objection.outcome_id) == outcome.pk).order_by(col(Objection.id))
    return session.exec(query).all()


def open_objections_to(session: Session, outcome: Outcome) -> list[Objection]:
    """Those that nobody has answered yet."""
    return [each for each in objections_to(session, outcome) if each.answered_at is None]


def answer_objection(
    actor: Actor, *, session: Session, outcome: Outcome, objection_id: int, answer: str, is_upheld: bool
) -> Outcome:
    """Answer an objection in public; one that is upheld ends the claim, and its answer is that to all others, too.

    Raises Denied (also for one's own), NotFound, WrongState, Invalid.
    """
    with transaction(session):
        lock(session, outcome, None)
        require(actor, "answer_objection", outcome)
        if outcome.state != lifecycle.NOTICE:
            raise WrongState(N_("This record is not on public notice."))
        objection = session.get(Objection, objection_id)
        if objection is None or objection.outcome_id != outcome.pk:
            raise NotFound()
        if objection.account_id == actor.account_id:
            raise Denied(N_("Somebody else has to answer your own objection."))
        if objection.answered_at is not None:
            raise WrongState(N_("This objection has already been answered."))
        if not answer.strip() or len(answer) > MAX_TEXT:
            raise Invalid({"answer": N_("Please give a reason; everyone concerned will read it.")})
        _write_answer(actor, session, outcome, objection, answer, is_upheld)
        if is_upheld:
            for other in open_objections_to(session, outcome):
                if other.account_id != actor.account_id:
                    _write_answer(actor, session, outcome, other, answer, is_upheld=False)
            apply_transition(session, actor, outcome, "uphold", reason=answer, data=logged_facts(outcome))
            outcome.state_reason = answer.strip()
    return outcome


def _write_answer(
    actor: Actor, session: Session, outcome: Outcome, objection: Objection, answer: str, is_upheld: bool
) -> None:
    objection.answer, objection.is_upheld = answer.strip(), is_upheld
    objection.answered_by, objection.answered_at = actor.account_id, now()
    session.add(objection)
    session.flush()
    record_event(
        session, actor, outcome, "outcome.objection_answered", {"objection": objection.id, "upheld": is_upheld}
    )
