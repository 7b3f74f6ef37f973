"""Letters about webhooks that were turned off."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import people_of
from scenario_hall.reviewing.absences import administrators


def _who_look_after_it(session: Session, event: Event) -> Addressed:
    organization_id = event.fields.get("organization")
    people = people_of(session, [organization_id]) if organization_id is not None else administrators(session)
    return Addressed(people, f"/webhooks/{event.subject_code}")


_NOTHING_LOST = N_(
    "Nothing is lost: the hall remembers where it stopped. When your receiver answers again, turn the webhook on here, "
    "and everything that has happened since is sent, in order:"
)

LETTERS = {
    "webhook_silent": LetterTemplate(
        N_("A webhook was turned off"),
        (
            N_("One of your webhooks has taken no message for five days, so the hall has stopped sending."),
            _NOTHING_LOST,
        ),
        _who_look_after_it,
    ),
    "webhook_gone": LetterTemplate(
        N_("A webhook was turned off by its receiver"),
        (
            N_(
                "The receiver of one of your webhooks has answered “410 Gone”, so the hall has stopped sending at once."
            ),
            _NOTHING_LOST,
        ),
        _who_look_after_it,
    ),
}
