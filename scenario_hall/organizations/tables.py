"""The tables of people and organisations."""

from __future__ import annotations

from scenario_hall.organizations.calendar_feeds import CalendarFeed
from scenario_hall.organizations.consents import Consent
from scenario_hall.organizations.facts import OrganizationFact
from scenario_hall.organizations.invitations import Invitation
from scenario_hall.organizations.mailboxes import SharedMailbox
from scenario_hall.organizations.models import Account, FormerMembership, Membership, Organization
from scenario_hall.organizations.passkey_tables import Passkey, PasskeyChallenge
from scenario_hall.organizations.second_factor import RecoveryCode, SecondFactor
from scenario_hall.organizations.sessions import LoginSession
from scenario_hall.organizations.tokens import ApiToken

ORGANIZATION_TABLES = (
    Account,
    ApiToken,
    CalendarFeed,
    Consent,
    FormerMembership,
    Invitation,
    LoginSession,
    Membership,
    Organization,
    OrganizationFact,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    SecondFactor,
    SharedMailbox,
)
