"""Letters to whoever is invited: they may have no account, and the letter does not tell whether they have."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.clock import local_day
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate, Signed, Stranger
from scenario_hall.notices.tokens import INVITATION
from scenario_hall.organizations.invitations import Invitation
from scenario_hall.organizations.models import Organization
from scenario_hall.scenarios.models import Scenario


def _colleague(session: Session, event: Event) -> Addressed:
    return _invited(session, event, is_supplier=False)


def _supplier(session: Session, event: Event) -> Addressed:
    return _invited(session, event, is_supplier=True)


def _invited(session: Session, event: Event, *, is_supplier: bool) -> Addressed:
    """Nobody for the other kind of invitation, for one that was revoked meanwhile or sent again."""
    row, number = session.get_one(Invitation, event.fields["invitation"]), event.fields["number"]
    scenario = session.get(Scenario, row.scenario_id) if row.scenario_id else None
    is_due = row.is_open and row.number == number and (scenario is not None) == is_supplier
    name = session.get_one(Organization, row.organization_id).name
    return Addressed(
        [],
        "/invitations/",
        {"name": name, "title": scenario.title if scenario else ""},
        signed=Signed(INVITATION, (row.pk, row.number)),
        strangers=[Stranger(row.email, row.locale)] if is_due else [],
        until=local_day(row.good_until),
    )


_UNKNOWN = N_("If you do not know them, no action is needed. The link is good for 14 days, once, and for you alone.")

LETTERS = {
    "colleague_invited": LetterTemplate(
        N_("You are invited to join an organisation"),
        (N_("“%(name)s” invites you to become a member in the Scenario Hall:"),),
        _colleague,
        (_UNKNOWN,),
    ),
    "supplier_invited": LetterTemplate(
        N_("You are invited to apply to a scenario"),
        (
            N_("“%(name)s” has opened the scenario “%(title)s” to new technology and invites you to apply with yours."),
            N_("With this link you see it and can register:"),
        ),
        _supplier,
        (_UNKNOWN,),
    ),
}
