"""A trial at a pilot platform: whether it can be planned there, and how many it hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, func, select

from scenario_hall.applications.models import Application
from scenario_hall.core.errors import AlreadyExists, Invalid
from scenario_hall.core.texts import N_
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
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
) -> None:
    """Raise Invalid (not recognised, a party, a use), or AlreadyExists when all its places are taken in these days."""
    if platform.state != VERIFIED or not platform.is_pilot_recognised:
        raise Invalid({"platform": N_("This organisation is not a recognised pilot platform.")})
    if platform.pk in application.parties().values():
        raise Invalid({"platform": N_("A pilot platform cannot attest to its own trial.")})
    if role is PlatformRole.HOST and kind is OutcomeKind.FIRST_USE:
        raise Invalid({"kind": N_("A pilot-scale test is not a first use; plan it as a first trial.")})
    if role is PlatformRole.HOST:
        # Two plans at once must not both take the last place.
        session.refresh(platform, with_for_update=True)
        overlapping = select(func.count()).where(
            col(Outcome.platform_id) == platform.pk,
            col(Outcome.platform_role) == PlatformRole.HOST,
            col(Outcome.state).in_(HOSTED_STATES),
            col(Outcome.starts_on) <= ends_on,
            col(Outcome.ends_on) >= starts_on,
        )
        if session.exec(overlapping).one() >= platform.pilot_capacity:
            raise AlreadyExists(
                N_("“%(name)s” hosts %(capacity)s trials at a time; all places are taken on these days."),
                name=platform.name,
                capacity=platform.pilot_capacity,
            )


def hosted_by_platform(session: Session) -> Mapping[int, int]:
    """Platform → how many trials it hosts or is going to host."""
    query = select(Outcome.platform_id).where(
        col(Outcome.platform_role) == PlatformRole.HOST, col(Outcome.state).in_(HOSTED_STATES)
    )
    return Counter(key for key in session.exec(query) if key is not None)
