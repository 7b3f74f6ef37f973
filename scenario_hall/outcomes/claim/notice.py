"""The end of a claim's public notice: administrators are told of it, and approve."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event, record_event
from scenario_hall.log.transitions import apply_transition, check
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.adoption.follow_ups import schedule_follow_ups
from scenario_hall.outcomes.certificate.service import issue_certificate
from scenario_hall.outcomes.claim.claim import NOT_INDEPENDENT, refuse_second, rules_for
from scenario_hall.outcomes.claim.independence import is_independent, require_facts_verified
from scenario_hall.outcomes.claim.objections import open_objections_to
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.service import logged_facts


def tell_of_ended_notices(session: Session, *, limit: int = 100) -> int:
    """One event for each notice that has ended, whose letter asks administrators to decide; returns how many."""
    codes = session.exec(_ended_and_untold().limit(limit)).all()
    for code in codes:
        with transaction(session):
            outcome = session.exec(select(Outcome).where(col(Outcome.code) == code)).one()
            session.refresh(outcome, with_for_update=True)
            # Asked again under the lock: it may have been decided meanwhile.
            if session.exec(_ended_and_untold().where(col(Outcome.code) == code)).first() is not None:
                record_event(session, None, outcome, "outcome.notice_ended", logged_facts(outcome))
    return len(codes)


def _ended_and_untold() -> SelectOfScalar[str]:
    was_told = exists().where(
        col(Event.subject_kind) == "outcome",
        col(Event.subject_id) == col(Outcome.id),
        col(Event.kind) == "outcome.notice_ended",
        col(Event.at) > col(Outcome.notice_until),
    )
    return (
        select(Outcome.code)
        .where(col(Outcome.state) == lifecycle.NOTICE, col(Outcome.notice_until) < now(), ~was_told)
        .order_by(col(Outcome.notice_until), col(Outcome.id))
    )


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
            if open_objections_to(session, outcome):
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
                data={
                    **logged_facts(outcome),
                    "scope": outcome.scope,
                    "certificate": certificate.number,
                    "content": fingerprint(certificate.content),
                },
            )
    except IntegrityError:
        raise AlreadyExists(
            N_("This product already has an approved record of this kind; there can be only one first.")
        ) from None
    return outcome
