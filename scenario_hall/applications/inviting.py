"""Inviting a supplier, who need not be in the hall yet, to a released scenario."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.organizations.accounts import normalise_email
from scenario_hall.organizations.invitations import Invitation, write_invitation
from scenario_hall.scenarios.models import Scenario


def invite_supplier(actor: Actor, *, session: Session, scenario: Scenario, email: str, locale: str) -> Invitation:
    """Have a supplier written to. They see what everybody sees. Raises Denied, NotFound, Invalid (field ``email``),
    WrongState (no longer open), TooMany."""
    require(actor, "invite", scenario)
    if not scenario.is_open():
        raise WrongState(N_("This scenario no longer accepts applications."))
    return write_invitation(
        actor,
        session=session,
        organization=scenario.organization,
        address=normalise_email(email),
        locale=locale,
        scenario_id=scenario.pk,
    )
