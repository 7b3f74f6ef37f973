"""A trial at a pilot platform: whether it can be planned there, and how many it hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session, col, select

from scenario_hall.applications.models import Application
from scenario_hall.core.clock import local_today
from scenario_hall.core.db import transaction, unindexed
from scenario_hall.core.errors import AlreadyExists, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.organizations.facts import values_that_count
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import OrganizationDetails, update_organization
from scenario_hall.outcomes import lifecycle
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole

# While it is in one of these, a hosted trial takes one of its platform's places.
HOSTED_STATES = (lifecycle.PLANNED, lifecycle.SIGNED, lifecycle.RUNNING)


def check_platform(
    session: Session,
    application: Application,
    kind: OutcomeKind,
    platform: Organization,
    role: PlatformRole,
    starts_on: date | None,
    ends_on: date | None,
    *,
    besides: Outcome | None = None,
) -> None:
    """Raise Invalid (not recognised, a party, a use), or AlreadyExists when all its places are taken in these days;
    ``besides``: the record that has its place there already."""
    # Two plans at once must not both take the last place, nor one what the platform gives up meanwhile.
    session.refresh(platform, with_for_update=True)
    if platform.state != VERIFIED or not platform.is_pilot_recognised:
        raise Invalid({"platform": N_("This organisation is not a recognised pilot platform.")})
    if platform.pk in application.parties().values():
        raise Invalid({"platform": N_("A pilot platform cannot attest to its own trial.")})
    if role is PlatformRole.HOST and kind is OutcomeKind.FIRST_USE:
        raise Invalid({"kind": N_("A pilot-scale test is not a first use; plan it as a first trial.")})
    if role is not PlatformRole.HOST or starts_on is None or ends_on is None:
        return
    # More places than were confirmed count once an administrator has confirmed them, fewer at once.
    capacity = min(values_that_count(session, platform, "pilot_capacity"))
    if most_hosted(session, platform, starts_on, ends_on, besides=besides) >= capacity:
        raise AlreadyExists(
            N_("“%(name)s” hosts %(capacity)s trials at a time; all places are taken on these days."),
            name=platform.name,
            capacity=capacity,
        )


def check_stay(session: Session, outcome: Outcome, starts_on: date | None, ends_on: date | None) -> None:
    """What ``check_platform`` raises for a record that stays at its platform in these days; nothing without one."""
    if outcome.platform_id is None:
        return
    platform = session.get_one(Organization, outcome.platform_id)
    kind, role = OutcomeKind(outcome.kind), PlatformRole(outcome.platform_role)
    check_platform(session, outcome.application, kind, platform, role, starts_on, ends_on, besides=outcome)


def check_move(session: Session, outcome: Outcome, starts_on: date | None, ends_on: date | None) -> None:
    """What ``check_stay`` raises where these days are not all within those that the record has already."""
    is_within = (
        outcome.starts_on is not None
        and outcome.ends_on is not None
        and starts_on is not None
        and ends_on is not None
        and outcome.starts_on <= starts_on
        and ends_on <= outcome.ends_on
    )
    if not is_within:
        check_stay(session, outcome, starts_on, ends_on)


def most_hosted(
    session: Session, platform: Organization, first: date, last: date | None, *, besides: Outcome | None = None
) -> int:
    """On the fullest day from ``first`` to ``last`` (None: without end), how many trials have a place there."""
    query = select(Outcome).where(
        col(Outcome.platform_id) == platform.pk,
        col(Outcome.platform_role) == PlatformRole.HOST,
        col(Outcome.state).in_(HOSTED_STATES),
        col(Outcome.ends_on) >= first,
    )
    if last is not None:
        query = query.where(col(Outcome.starts_on) <= last)
    if besides is not None:
        query = query.where(col(Outcome.id) != besides.pk)
    stays = [(each.starts_on, each.ends_on) for each in session.exec(query) if each.starts_on and each.ends_on]
    # The fullest day is one on which somebody comes, or the first.
    days = {max(begin, first) for begin, _ in stays}
    return max((sum(begin <= day <= end for begin, end in stays) for day in days), default=0)


def change_organization(
    actor: Actor, *, session: Session, organization: Organization, version: int | None, details: OrganizationDetails
) -> Organization:
    """Change an organisation's details; a pilot platform keeps the places that trials have from today on.

    Raises Denied, StaleEdit, Invalid.
    """
    with transaction(session):
        update_organization(actor, session=session, organization=organization, version=version, details=details)
        hosted = most_hosted(session, organization, local_today(), None)
        if hosted > (organization.pilot_capacity if organization.is_pilot_platform else 0):
            raise Invalid(
                {"pilot_capacity": N_("Trials have %(count)s places here on the same day; they must keep them.")},
                count=hosted,
            )
    return organization


def hosted_by_platform(session: Session, platform_ids: Collection[int]) -> Mapping[int, int]:
    """Platform → how many trials it hosts or is going to host; of these platforms."""
    query = select(Outcome.platform_id).where(
        col(Outcome.platform_id).in_(platform_ids),
        col(Outcome.platform_role) == PlatformRole.HOST,
        unindexed(col(Outcome.state)).in_(HOSTED_STATES),
    )
    return Counter(key for key in session.exec(query) if key is not None)
