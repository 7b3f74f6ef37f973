"""Pilot platforms (中试平台): organisations that host pilot-scale tests, and can attest to a trial."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction, unindexed
from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations import lifecycle
from scenario_hall.organizations.models import Organization


def pilot_platforms(session: Session) -> Sequence[Organization]:
    """Those that are verified and recognised, by name."""
    query = select(Organization).where(
        unindexed(col(Organization.state)) == lifecycle.VERIFIED, col(Organization.is_pilot_recognised)
    )
    return session.exec(query.order_by(col(Organization.name))).all()


def recognise_platform(
    actor: Actor, *, session: Session, organization: Organization, is_recognised: bool
) -> Organization:
    """Recognise an organisation as a pilot platform, or withdraw the recognition. Raises Denied, WrongState."""
    with transaction(session):
        session.refresh(organization, with_for_update=True)
        require(actor, "recognise", organization)
        if is_recognised and (not organization.is_pilot_platform or organization.state != lifecycle.VERIFIED):
            raise WrongState(
                N_("Only a verified organisation that declares itself a pilot platform can be recognised.")
            )
        organization.is_pilot_recognised = is_recognised
        session.add(organization)
        kind = "organization.platform_recognised" if is_recognised else "organization.platform_not_recognised"
        record_event(session, actor, organization, kind, {"name": organization.name})
    return organization
