"""Letters to the owner of a record whose change was reviewed."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import people_of
from scenario_hall.publishing.models import ProposedRevision


def _owner(session: Session, event: Event) -> Addressed:
    proposed, said = session.get_one(ProposedRevision, event.subject_id), event.fields
    return Addressed(
        people_of(session, [proposed.organization_id]),
        f"/{proposed.record_kind}s/{proposed.code}",
        {"name": said["title"], "reason": said.get("reason", "")},
        organizations=[proposed.organization_id],
    )


LETTERS = {
    "revision_accepted": LetterTemplate(
        N_("Your change was accepted"), (N_("The new revision of “%(name)s” is public now."),), _owner
    ),
    "revision_returned": LetterTemplate(
        N_("Your change was returned"),
        (N_("“%(name)s” stays as it is public. Reason: %(reason)s"),),
        _owner,
    ),
}
