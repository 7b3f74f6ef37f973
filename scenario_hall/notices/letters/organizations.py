"""Letters to an organisation's people about the organisation itself."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.clock import local_day
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate, Signed, Stranger
from scenario_hall.notices.people import people_of
from scenario_hall.notices.tokens import MAILBOX
from scenario_hall.organizations.mailboxes import SharedMailbox
from scenario_hall.organizations.models import Organization


def _its_people(session: Session, event: Event) -> Addressed:
    said = event.fields
    return Addressed(
        people_of(session, [event.subject_id]),
        f"/organizations/{event.subject_id}",
        {"name": said.get("name", ""), "reason": said.get("reason", "")},
        organizations=[event.subject_id],
    )


def _its_mailbox(session: Session, event: Event) -> Addressed:
    """Nobody for an address that was replaced, confirmed or removed meanwhile."""
    row = session.get(SharedMailbox, event.subject_id)
    is_due = row is not None and row.number == event.fields["number"] and row.confirmed_at is None
    return Addressed(
        [],
        "/organizations/mailbox/",
        {"name": session.get_one(Organization, event.subject_id).name},
        signed=Signed(MAILBOX, (event.subject_id, event.fields["number"])),
        strangers=[Stranger(row.email, row.locale)] if row is not None and is_due else [],
        until=local_day(row.good_until) if row is not None else None,
    )


LETTERS = {
    "mailbox_entered": LetterTemplate(
        N_("Is this the shared mailbox of an organisation?"),
        (
            N_(
                "“%(name)s” has entered this address in the Scenario Hall as its shared mailbox. Letters to its people "
                "about scenarios, products, applications, first trials and first uses come here, too, once you open "
                "this link:"
            ),
        ),
        _its_mailbox,
        (N_("If you do not know them, no action is needed."),),
    ),
    "organization_verified": LetterTemplate(
        N_("Your organisation is verified"),
        (N_("“%(name)s” is verified. You can now submit scenarios and products."),),
        _its_people,
    ),
    "organization_returned": LetterTemplate(
        N_("Please complete your organisation's details"),
        (N_("“%(name)s” was returned. Reason: %(reason)s"),),
        _its_people,
    ),
    "organization_rejected": LetterTemplate(
        N_("Your organisation was not verified"), (N_("“%(name)s” was rejected. Reason: %(reason)s"),), _its_people
    ),
    "organization_facts_confirmed": LetterTemplate(
        N_("Your organisation's changed details are verified"),
        (N_("The changed details of “%(name)s” are verified."),),
        _its_people,
    ),
    "organization_facts_refused": LetterTemplate(
        N_("Your organisation's changed details were refused"),
        (N_("The changed details of “%(name)s” were refused; those verified before apply again. Reason: %(reason)s"),),
        _its_people,
    ),
    "organization_suspended": LetterTemplate(
        N_("Your organisation is suspended"), (N_("“%(name)s” was suspended. Reason: %(reason)s"),), _its_people
    ),
    "membership_requested": LetterTemplate(
        N_("Somebody has asked to join your organisation"), (N_("Please accept or decline the request."),), _its_people
    ),
}
