"""What the receiver of an invitation is shown: who invites them to what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.core.errors import NotFound
from scenario_hall.organizations.consents import those_shown
from scenario_hall.organizations.invitations import NO_LONGER_GOOD, Invitation, find_invitation
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True)
class InvitationDossier:
    invitation: Invitation
    organization: Organization
    invited_by: str  # the person's name; "" where it is not shown to who is invited
    scenario: Scenario | None


def invitation_dossier(session: Session, invitation_id: int, number: int) -> InvitationDossier:
    """Raises NotFound for an invitation that is good no longer, also where its scenario is. A colleague sees who
    invites; a supplier, of whom the hall does not know where they sit, only with that person's consent."""
    invitation = find_invitation(session, invitation_id, number)
    scenario = session.get(Scenario, invitation.scenario_id) if invitation.scenario_id else None
    if scenario is not None and not scenario.is_public():
        raise NotFound(NO_LONGER_GOOD)
    organization = session.get_one(Organization, invitation.organization_id)
    person = session.get_one(Account, invitation.invited_by)
    is_shown = scenario is None or bool(those_shown(session, [person.pk], own=organization, other=None))
    return InvitationDossier(
        invitation=invitation,
        organization=organization,
        invited_by=person.name if is_shown else "",
        scenario=scenario,
    )
