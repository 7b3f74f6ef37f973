"""Closing a scenario, which is refused while an applicant has no answer."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.applications import lifecycle
from scenario_hall.applications.models import Application
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.transitions import check
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import end_scenario


def undecided_applications(session: Session, scenario: Scenario) -> list[Application]:
    """Those that are neither accepted nor declined with feedback, nor withdrawn by their supplier."""
    query = select(Application).where(
        col(Application.scenario_id) == scenario.pk, col(Application.state).in_(lifecycle.OPEN)
    )
    return list(session.exec(query.order_by(col(Application.id))))


def close_scenario(actor: Actor, *, session: Session, scenario: Scenario, version: int | None, reason: str) -> Scenario:
    """Close a released or expired scenario whose applications are all decided. Expiry and withdrawal
    do not wait for decisions.

    Raises Denied, WrongState (it names the undecided applications), StaleEdit, Invalid (no reason).
    """
    with transaction(session):
        # The lock keeps a new application out until this is over.
        session.refresh(scenario, with_for_update=True)
        check(actor, scenario, "close")
        undecided = undecided_applications(session, scenario)
        if undecided:
            raise WrongState(
                N_("Accept each application first, or decline it with written feedback. Undecided: %(codes)s."),
                codes=", ".join(each.code for each in undecided),
            )
        return end_scenario(actor, session=session, scenario=scenario, action="close", version=version, reason=reason)
