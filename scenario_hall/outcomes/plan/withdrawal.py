"""Withdrawing an application: refused once a plan is signed; a plan that is not signed ends with it."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from scenario_hall.applications.models import Application
from scenario_hall.applications.service import act_on_application
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.transitions import apply_transition
from scenario_hall.outcomes.lifecycle import PLANNED
from scenario_hall.outcomes.models import Outcome

WITHDRAWN = "供应方已撤回申请 / The supplier has withdrawn the application"


def signed_applications(session: Session, application_ids: Collection[int]) -> set[int]:
    """Those of the applications that have a plan which both sides have signed."""
    query = select(Outcome.application_id).where(
        col(Outcome.application_id).in_(application_ids), col(Outcome.plan_hash) != ""
    )
    return set(session.exec(query))


def withdraw_application(
    actor: Actor, *, session: Session, application: Application, version: int | None, feedback: str = ""
) -> Application:
    """Raises Denied, StaleEdit, WrongState (a plan is signed, or it is accepted and the scenario has not changed)."""
    with transaction(session):
        act_on_application(
            actor, session=session, application=application, action="withdraw", version=version, feedback=feedback
        )
        if signed_applications(session, [application.pk]):
            raise WrongState(N_("A plan is already signed: the application can no longer be withdrawn."))
        query = select(Outcome).where(col(Outcome.application_id) == application.pk, col(Outcome.state) == PLANNED)
        for outcome in session.exec(query).all():
            lock(session, outcome, None)
            apply_transition(session, actor, outcome, "abandon", reason=WITHDRAWN)
            outcome.state_reason = WITHDRAWN
    return application
