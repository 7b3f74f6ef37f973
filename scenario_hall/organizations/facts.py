"""The facts that an organisation states about itself and rules rest on: every value with its days, for good.

The row of the organisation holds what is stated now. When a verified organisation states something else, an
administrator confirms or refuses it. Meanwhile the organisation works on as before, except that no first use is claimed
or approved with it, and that a rule which compares a region or a number of places holds for the confirmed value and the
stated one alike (``values_that_count``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Invalid, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.lifecycle import SUSPENDED, VERIFIED
from scenario_hall.organizations.models import Organization

# Facts that rules compare or that make out who an organisation is, in the order of the form.
FACTS = (
    "name",
    "side",
    "registration_kind",
    "registration_number",
    "website",
    "legal_person",
    "owners",
    "address",
    "region",  # whose law holds for its people's data (consents.py); which firsts its products stand against
    "pilot_capacity",  # how many trials it may host
)
# A website is compared with the other side's, too, but nobody verifies it.
VERIFIED_ANEW = frozenset(FACTS) - {"website"}
CHECKED_STATES = (VERIFIED, SUSPENDED)


class OrganizationFact(SQLModel, table=True):
    """One value that an organisation stated; no row is ever deleted."""

    __tablename__ = "organization_fact"

    id: int | None = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    field: str = Field(max_length=30)
    value: Any = Field(default="", sa_type=JSON)  # a text, the list of the owners, or a number
    stated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    stated_by: int | None = None
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = None


@dataclass(frozen=True)
class ChangedFact:
    """A value that waits for an administrator, beside the last one that was confirmed."""

    field: str
    before: str | int | Sequence[str]
    after: str | int | Sequence[str]
    stated_at: datetime


def stated_facts(organization: Organization) -> dict[str, Any]:
    """What the row says now."""
    return {name: getattr(organization, name) for name in FACTS}


def keep_facts(session: Session, actor: Actor | None, organization: Organization) -> list[str]:
    """Date what is new in the row, within the caller's transaction; returns the names of the fields that changed."""
    known, changed = _current(session, organization), []
    for name, value in stated_facts(organization).items():
        before = known.get(name)
        if value == (before.value if before is not None else _nothing(name)):
            continue
        if before is not None:
            before.superseded_at = now()
            session.add(before)
        session.add(
            OrganizationFact(
                organization_id=organization.pk,
                field=name,
                value=value,
                stated_by=actor.account_id if actor is not None else None,
            )
        )
        changed.append(name)
    if organization.state in CHECKED_STATES:
        _see_what_waits(session, organization)
    return changed


def confirm_current(session: Session, actor: Actor, organization: Organization) -> None:
    """Everything stated now was looked at, within the caller's transaction."""
    for fact in _current(session, organization).values():
        if fact.confirmed_at is None:
            fact.confirmed_at, fact.decided_by = now(), actor.account_id
            session.add(fact)
    organization.facts_changed_at = None


def changed_facts(session: Session, organization: Organization) -> list[ChangedFact]:
    """What a verified organisation has stated since and nobody has confirmed, in the order of the form."""
    current, confirmed = _current(session, organization), _confirmed(session, organization)
    found = []
    for name in FACTS:
        fact = current.get(name)
        before = confirmed.get(name, _nothing(name))
        if name in VERIFIED_ANEW and fact is not None and fact.confirmed_at is None and fact.value != before:
            found.append(ChangedFact(name, before, fact.value, fact.stated_at))
    return found


def values_that_count(session: Session, organization: Organization, field: str) -> tuple[Any, ...]:
    """What a rule compares: the value stated now and, while that waits for an administrator, the one confirmed before
    beside it, so that nobody escapes a rule, or gains by one, by editing a form."""
    if organization.facts_changed_at is not None:
        for each in changed_facts(session, organization):
            if each.field == field:
                return (each.before, each.after)
    return (getattr(organization, field),)


def decide_facts(
    actor: Actor,
    *,
    session: Session,
    organization: Organization,
    version: int | None,
    is_confirmed: bool,
    reason: str = "",
) -> Organization:
    """Confirm the facts that changed, or refuse them with a reason: then what was confirmed before stands again.

    Raises Denied, WrongState (nothing waits), StaleEdit (stated anew meanwhile), Invalid (no reason).
    """
    with transaction(session):
        lock(session, organization, version)
        require(actor, "check_facts", organization)
        waiting = changed_facts(session, organization)
        if not waiting:
            raise WrongState(N_("No changed details of this organisation are waiting for verification."))
        facts: dict[str, Any] = {"name": organization.name, "fields": [each.field for each in waiting]}
        if is_confirmed:
            confirm_current(session, actor, organization)
            record_event(session, actor, organization, "organization.facts_confirmed", facts)
            return organization
        if not reason.strip():
            raise Invalid({"reason": N_("Please give a reason: the other side will read it.")})
        _take_back(session, actor, organization, waiting)
        organization.state_reason = reason.strip()
        facts["reason"] = reason.strip()
        record_event(session, actor, organization, "organization.facts_refused", facts)
    return organization


def ever_stated(session: Session, organization_ids: Collection[int]) -> Mapping[int, Mapping[str, Sequence[Any]]]:
    """Organisation → field → every value that was ever stated, the first first."""
    found: dict[int, dict[str, list[Any]]] = {key: {} for key in organization_ids}
    query = select(OrganizationFact).where(col(OrganizationFact.organization_id).in_(found))
    for fact in session.exec(query.order_by(col(OrganizationFact.id))):
        found[fact.organization_id].setdefault(fact.field, []).append(fact.value)
    return found


def _take_back(session: Session, actor: Actor, organization: Organization, waiting: Sequence[ChangedFact]) -> None:
    refused, moment = _current(session, organization), now()
    for each in waiting:
        fact = refused[each.field]
        fact.superseded_at, fact.refused_at, fact.decided_by = moment, moment, actor.account_id
        setattr(organization, each.field, each.before)
        session.add(fact)
        session.add(
            OrganizationFact(
                organization_id=organization.pk,
                field=each.field,
                value=each.before,
                stated_by=actor.account_id,
                confirmed_at=moment,
                decided_by=actor.account_id,
            )
        )
    session.flush()
    _see_what_waits(session, organization)


def _see_what_waits(session: Session, organization: Organization) -> None:
    session.flush()
    waiting = changed_facts(session, organization)
    organization.facts_changed_at = min(each.stated_at for each in waiting) if waiting else None
    session.add(organization)


def _current(session: Session, organization: Organization) -> dict[str, OrganizationFact]:
    query = select(OrganizationFact).where(
        col(OrganizationFact.organization_id) == organization.pk, col(OrganizationFact.superseded_at).is_(None)
    )
    return {fact.field: fact for fact in session.exec(query)}


def _confirmed(session: Session, organization: Organization) -> dict[str, Any]:
    """Field → the value that was confirmed last."""
    query = select(OrganizationFact).where(
        col(OrganizationFact.organization_id) == organization.pk, col(OrganizationFact.confirmed_at).is_not(None)
    )
    return {fact.field: fact.value for fact in session.exec(query.order_by(col(OrganizationFact.id)))}


def _nothing(field: str) -> Any:
    return {"owners": [], "pilot_capacity": 0}.get(field, "")
