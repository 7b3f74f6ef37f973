"""The public notice of a claim: objections, their answers, and the approval at its end."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.follow_ups import schedule_follow_ups
from scenario_hall.outcomes.certificate.service import issue_certificate
from scenario_hall.outcomes.claim.claim import NOT_INDEPENDENT, refuse_second, rules_for
from scenario_hall.outcomes.claim.independence import is_independent, require_facts_verified
from scenario_hall.outcomes.claim.models import Objection
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.service import logged_facts


def object_to_notice(actor: Actor, *, session: Session, outcome: Outcome, reason: str) -> Objection:
    """Object while the notice runs, with a reason that everybody reads. Raises Denied, WrongState, Invalid."""
    with transaction(session):
        session.refresh(outcome, with_for_update=True)
        require(actor, "object_publicly", outcome)
        if outcome.state != lifecycle.NOTICE or actor.account_id is None:
            raise WrongState(N_("This record is not on public notice."))
        if outcome.notice_until is None or now() > outcome.notice_until:
            raise WrongState(N_("The public notice has ended."))
        if not reason.strip() or len(reason) > MAX_TEXT:
            raise Invalid({"reason": N_("Please give a reason; everyone concerned will read it.")})
        objection = Objection(outcome_id=outcome.pk, account_id=actor.account_id, reason=reason.strip())
        session.add(objection)
        session.flush()
        record_event(session, actor, outcome, "outcome.public_objection", {"objection": objection.id})
    return objection


def objections_to(session: Session, outcome: Outcome) -> Sequence[Objection]:
    query = select(Objection).where(col(Objection.outcome_id) == outcome.pk).order_by(col(Objection.id))
    return session.exec(query).all()


def answer_objection(
    actor: Actor, *, session: Session, outcome: Outcome, objection_id: int, answer: str, is_upheld: bool
) -> Outcome:
    """Answer an objection in public; one that is upheld ends the claim.

    Raises Denied, NotFound, WrongState, Invalid.
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
        if not answer.strip():
            raise Invalid({"answer": N_("Please give a reason; everyone concerned will read it.")})
        objection.answer, objection.is_upheld = answer.strip(), is_upheld
        objection.answered_by, objection.answered_at = actor.account_id, now()
        session.add(objection)
        record_event(
            session, actor, outcome, "outcome.objection_answered", {"objection": objection.id, "upheld": is_upheld}
        )
        if is_upheld:
            apply_transition(session, actor, outcome, "uphold", reason=answer, data=logged_facts(outcome))
            outcome.state_reason = answer.strip()
    return outcome


def approve_first(actor: Actor, *, session: Session, outcome: Outcome, version: int | None) -> Outcome:
    """Approve after the public notice, with every objection answered, and issue the certificate.

    Raises Denied, WrongState (the notice still runs, an objection is open, a side's details wait for verification, a
    first use's sides turn out not to be independent), AlreadyExists (another one was first).
    """
    try:
        with transaction(session):
            lock(session, outcome, version)
            check(actor, outcome, "approve")
            if outcome.notice_until is None or now() <= outcome.notice_until:
                raise WrongState(N_("The public notice is still running."))
            if any(objection.answered_at is None for objection in objections_to(session, outcome)):
                raise WrongState(N_("An objection has not been answered yet."))
            require_facts_verified(session, outcome)
            if outcome.kind == OutcomeKind.FIRST_USE and not is_independent(session, outcome):
                raise WrongState(NOT_INDEPENDENT)
            refuse_second(session, outcome, Scope(outcome.scope), rules_for(session, outcome))
            outcome.approved_at, outcome.state_reason = now(), ""
            certificate = issue_certificate(session, outcome)
            schedule_follow_ups(session, outcome)
            apply_transition(
                session,
                actor,
                outcome,
                "approve",
                data={**logged_facts(outcome), "scope": outcome.scope, "certificate": certificate.number},
            )
    except IntegrityError:
        raise AlreadyExists(
            N_("This product already has an approved record of this kind; there can be only one first.")
        ) from None
    return outcome
