"""Letters to administrators: an item for review was given to them, or they stand in for somebody."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.organizations.models import Account
from scenario_hall.reviewing.absences import administrators
from scenario_hall.reviewing.models import ReviewTurn
from scenario_hall.reviewing.queues import QUEUES


def _given_to(session: Session, event: Event) -> Addressed:
    """Who took the item themselves need not be told."""
    turn, wanted = session.get_one(ReviewTurn, event.subject_id), event.fields["account"]
    people = [each for each in administrators(session) if each.pk == wanted and each.pk != event.actor_id]
    return Addressed(
        people,
        f"/review/item/{turn.queue}/{turn.row_id}",
        {"code": event.subject_code},
        {"queue": QUEUES[event.fields["queue"]].title},
    )


def _stand_in(session: Session, event: Event) -> Addressed:
    wanted, person = event.fields["stand_in"], session.get_one(Account, event.subject_id)
    people = [each for each in administrators(session) if each.pk == wanted]
    until = event.fields["until"]
    return Addressed(people, "/review/", {"name": person.name, "until": until}, until=date.fromisoformat(until))


LETTERS = {
    "review_given": LetterTemplate(
        N_("An item for review was given to you"),
        (N_("It is your turn to decide: %(queue)s, %(code)s."),),
        _given_to,
    ),
    "stands_in": LetterTemplate(
        N_("You stand in for another administrator"),
        (N_("%(name)s is away until %(until)s and has named you to stand in. What was given to them is now yours."),),
        _stand_in,
    ),
}
