"""Letters to an organisation's people about the organisation itself."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import people_of


def _its_people(session: Session, event: Event) -> Addressed:
    said = event.fields
    return Addressed(
        people_of(session, [event.subject_id]),
        f"/organizations/{event.subject_id}",
        {"name": said.get("name", ""), "reason": said.get("reason", "")},
    )


LETTERS = {
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
