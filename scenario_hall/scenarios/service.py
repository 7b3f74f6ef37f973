"""Use cases of a scenario: draft, submit, release, return, amend, close, withdraw, expire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import SYSTEM, Actor, can, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import SCENARIO, next_code
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import require_verified
from scenario_hall.publishing.revisions import changes
from scenario_hall.scenarios import lifecycle
from scenario_hall.scenarios.content import FIELDS, fill, missing, public_content
from scenario_hall.scenarios.models import CONTACT, Scenario, ScenarioRevision


def get_scenario(session: Session, code: str) -> Scenario:
    """Raises NotFound."""
    scenario = session.exec(select(Scenario).where(col(Scenario.code) == code)).first()
    if scenario is None:
        raise NotFound(N_("There is no scenario %(code)s."), code=code)
    return scenario


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
    require(actor, "draft", organization)
    if not organization.demands:
        raise Denied(
            N_("“%(name)s” is registered as a supplier only; it cannot post scenarios."), name=organization.name
        )
    scenario = Scenario(
        state=lifecycle.LIFECYCLE.initial,
        code="",
        organization_id=organization.pk,
        created_by=actor.account_id,
        external_reference=external_reference,
        source_cells=dict(source_cells or {}),
    )
    fill(scenario, content or {})
    with transaction(session):
        scenario.code = next_code(session, SCENARIO)
        session.add(scenario)
        record_event(session, actor, scenario, "scenario.drafted", {"title": scenario.title})
    return scenario


def save_draft(
    actor: Actor, *, session: Session, scenario: Scenario, version: int | None, content: Mapping[str, Any]
) -> Scenario:
    """Change a draft or a returned scenario. Raises Denied, WrongState, StaleEdit, Invalid."""
    with transaction(session):
        lock(session, scenario, version)
        require(actor, "edit", scenario)
        if scenario.state not in lifecycle.DRAFTING:
            raise WrongState(N_("This is not possible any more: the state is now “%(state)s”."), state=scenario.state)
        before = scenario.model_dump(mode="json", include=set(FIELDS))
        fill(scenario, content)
        after = scenario.model_dump(mode="json", include=set(FIELDS))
        record_event(
            session, actor, scenario, "scenario.saved", {"fields": [each.field for each in changes(before, after)]}
        )
    return scenario


def submit_scenario(actor: Actor, *, session: Session, scenario: Scenario, version: int | None) -> Scenario:
    """Hand the scenario to the administrators. Raises Invalid naming each field that is missing."""
    with transaction(session):
        lock(session, scenario, version)
        require(actor, "view", scenario)
        require_verified(scenario.organization)
        faults = missing(scenario)
        if faults and can(actor, "submit", scenario):
            raise Invalid(faults, N_("Some things are missing before it can be submitted."))
        scenario.submitted_at, scenario.review_notes, scenario.state_reason = now(), {}, ""
        apply_transition(session, actor, scenario, "submit", data={"title": scenario.title})
    return scenario


def release_scenario(actor: Actor, *, session: Session, scenario: Scenario, version: int | None) -> Scenario:
    """Put the scenario into the hall as its first or next revision."""
    with transaction(session):
        lock(session, scenario, version)
        require(actor, "view", scenario)
        require_verified(scenario.organization)
        if scenario.deadline is not None and scenario.deadline <= now() and can(actor, "release", scenario):
            raise Invalid({"deadline": N_("The deadline is over already: return the scenario for a new one.")})
        scenario.released_at = now()
        _add_revision(session, actor, scenario, reason="")
        apply_transition(
            session, actor, scenario, "release", data={"title": scenario.title, "revision": scenario.revision}
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
    told = {name: note.strip() for name, note in (notes or {}).items() if note.strip()}
    with transaction(session):
        lock(session, scenario, version)
        apply_transition(
            session, actor, scenario, "return", reason=reason, data={"title": scenario.title, "notes": told}
        )
        scenario.review_notes, scenario.state_reason = told, reason.strip()
    return scenario


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

    Raises Invalid when nothing changes, when the deadline moves earlier, or when something needed is taken out.
    """
    with transaction(session):
        lock(session, scenario, version)
        require(actor, "amend", scenario)
        before, deadline = public_content(scenario), scenario.deadline
        contact = {name: getattr(scenario, name) for name in CONTACT}
        fill(scenario, content)
        if deadline is not None and (scenario.deadline is None or scenario.deadline != deadline):
            _refuse_earlier_deadline(scenario, deadline)
        changed = [each.field for each in changes(before, public_content(scenario))]
        faults = missing(scenario)
        if faults:
            raise Invalid(faults)
        if not changed and all(getattr(scenario, name) == value for name, value in contact.items()):
            raise Invalid({}, N_("Nothing was changed."))
        if not changed:
            record_event(session, actor, scenario, "scenario.contact_changed", {})
            return scenario
        _add_revision(session, actor, scenario, reason=reason.strip())
        apply_transition(
            session,
            actor,
            scenario,
            "amend",
            reason=reason,
            data={"title": scenario.title, "revision": scenario.revision, "fields": changed},
        )
    return scenario


def end_scenario(
    actor: Actor, *, session: Session, scenario: Scenario, action: str, version: int | None, reason: str = ""
) -> Scenario:
    """Close, withdraw or (the hall's clock) expire a released scenario, or close an expired one; its page stays
    findable.

    Faces close by ``applications.closing.close_scenario``, which knows who still waits for an answer.
    """
    with transaction(session):
        lock(session, scenario, version)
        apply_transition(session, actor, scenario, action, reason=reason, data={"title": scenario.title})
        scenario.state_reason = reason.strip()
    return scenario


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
    query = (
        select(ScenarioRevision)
        .where(col(ScenarioRevision.scenario_id) == scenario.pk)
        .order_by(col(ScenarioRevision.number).desc())
    )
    return list(session.exec(query))


def _add_revision(session: Session, actor: Actor, scenario: Scenario, *, reason: str) -> None:
    scenario.revision += 1
    session.add(
        ScenarioRevision(
            scenario_id=scenario.pk,
            number=scenario.revision,
            content=public_content(scenario),
            reason=reason,
            created_by=actor.account_id,
        )
    )


def _refuse_earlier_deadline(scenario: Scenario, before: Any) -> None:
    if scenario.deadline is not None and scenario.deadline < before:
        raise Invalid({"deadline": N_("The deadline can be moved later, not earlier: suppliers rely on it.")})
