"""Objections during a public notice: who may make one, and how it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, HallError, Invalid, NotFound, WrongState
from scenario_hall.core.limits import Limit, count_attempt
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.service import logged_facts

BY_ACCOUNT = Limit("objection", 5, timedelta(days=1))  # over all records; each of them is read by people


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
    if actor.first_act(outcome.case().counted) is not None:  # also of those who have left the organisation since
        raise Denied(N_("You have acted for one of the parties to this record, so you cannot object to it."))
    if any(each.account_id == actor.account_id for each in open_objections_to(session, outcome)):
        raise AlreadyExists(
            N_("Your objection to this record has not been answered yet; you can object again after that.")
        )
    return actor.account_id


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
