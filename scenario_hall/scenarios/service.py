"""Use cases of a scenario: draft, submit, release, return, amend, close, withdraw, expire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound
from scenario_hall.core.policy import SYSTEM, Actor, can
from scenario_hall.core.texts import N_
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing import revisions
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.amending import amend
from scenario_hall.scenarios import lifecycle
from scenario_hall.scenarios.models import Scenario, ScenarioRevision
from scenario_hall.scenarios.reading import REQUIREMENTS_IN_TEXT


def get_scenario(session: Session, code: str) -> Scenario:
    """Raises NotFound."""
    scenario = publishing.find_by_code(session, Scenario, code)
    if scenario is None:
        raise NotFound(N_("There is no scenario %(code)s."), code=code)
    return scenario


def refuse_supply_side(actor: Actor, organization: Organization) -> None:
    """Raise Denied for an organisation that asks for nothing."""
    if can(actor, "draft", organization) and not organization.demands:
        raise Denied(
            N_("“%(name)s” is registered as a supplier only; it cannot post scenarios."), name=organization.name
        )


def create_scenario(
    actor: Actor,
    *,
    session: Session,
    organization: Organization,
    content: Mapping[str, Any] | None = None,
    external_reference: str | None = None,
    source_cells: Mapping[str, str] | None = None,
) -> Scenario:
    """A new draft of ``organization``. Raises Denied, Invalid."""
    refuse_supply_side(actor, organization)
    return publishing.create_draft(
        actor,
        session=session,
        table=Scenario,
        organization=organization,
        content=content,
        external_reference=external_reference,
        source_cells=source_cells,
    )


def save_draft(
    actor: Actor, *, session: Session, scenario: Scenario, version: int | None, content: Mapping[str, Any]
) -> Scenario:
    """Change a draft or a returned scenario. Raises Denied, WrongState, StaleEdit, Invalid."""
    reading = REQUIREMENTS_IN_TEXT.read_before_saving(scenario, content)
    with transaction(session):
        publishing.save_draft(actor, session=session, record=scenario, version=version, content=content)
        scenario.text_reading = reading
    return scenario


def submit_scenario(actor: Actor, *, session: Session, scenario: Scenario, version: int | None) -> Scenario:
    """Hand the scenario to the administrators. Raises Invalid naming each field that is missing."""
    return publishing.submit(actor, session=session, record=scenario, version=version)


def release_scenario(actor: Actor, *, session: Session, scenario: Scenario, version: int | None) -> Scenario:
    """Put the scenario into the hall as its first or next revision. Raises Invalid when its deadline is over."""
    with transaction(session):
        publishing.publish(
            actor, session=session, record=scenario, version=version, action="release", published_at="released_at"
        )
        if scenario.deadline is not None and scenario.deadline <= now():
            raise Invalid(
                {"deadline": N_("The deadline has already passed: return the scenario so that a new one can be set.")}
            )
    return scenario


def return_scenario(
    actor: Actor,
    *,
    session: Session,
    scenario: Scenario,
    version: int | None,
    reason: str,
    notes: Mapping[str, str] | None = None,
) -> Scenario:
    """Give the scenario back with a reason and, field by field, what to change."""
    return publishing.give_back(actor, session=session, record=scenario, version=version, reason=reason, notes=notes)


def amend_scenario(
    actor: Actor,
    *,
    session: Session,
    scenario: Scenario,
    version: int | None,
    content: Mapping[str, Any],
    reason: str,
) -> Scenario:
    """Change a released scenario in a new revision that everyone can compare with the one before.

    What touches its substance waits for review (``publishing/amending.py``). Raises Invalid when nothing changes, when
    the deadline is earlier than any that was public, or when something needed is taken out.
    """
    return amend(actor, session=session, record=scenario, version=version, content=content, reason=reason)


def end_scenario(
    actor: Actor, *, session: Session, scenario: Scenario, action: str, version: int | None, reason: str = ""
) -> Scenario:
    """Close, withdraw or (the hall's clock) expire a released scenario, or close an expired one; its page stays
    findable.

    Faces close by ``applications.closing.close_scenario``, which knows who still waits for an answer.
    """
    return publishing.end(actor, session=session, record=scenario, action=action, version=version, reason=reason)


def expire_scenarios(session: Session, *, limit: int = 100) -> int:
    """Expire what is past its deadline by the server's clock; returns how many."""
    due = (
        select(Scenario.code)
        .where(col(Scenario.state) == lifecycle.RELEASED, col(Scenario.deadline) <= now())
        .order_by(col(Scenario.deadline))
        .limit(limit)
    )
    codes = session.exec(due).all()
    for code in codes:
        with transaction(session):
            scenario = get_scenario(session, code)
            if scenario.state == lifecycle.RELEASED and not scenario.is_open():
                end_scenario(SYSTEM, session=session, scenario=scenario, action="expire", version=None)
    return len(codes)


def revisions_of(session: Session, scenario: Scenario) -> list[ScenarioRevision]:
    """Every revision that was public, the newest first."""
    return revisions.revisions_of(session, scenario)
