"""Letters to administrators: an item for review was given to them, or they stand in for somebody."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.organizations.models import Account
from scenario_hall.reviewing.absences import administrators, is_colleague
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
    people = [each for each in administrators(session) if each.pk == wanted and person.is_administrator]
    until = event.fields["until"]
    return Addressed(people, "/review/", {"name": person.name, "until": until}, until=date.fromisoformat(until))


def _deputy(session: Session, event: Event) -> Addressed:
    """Whom a member of an organisation has named; administrators who stand in are told by the other letter."""
    person, wanted = session.get_one(Account, event.subject_id), event.fields["stand_in"]
    deputy = session.get(Account, wanted) if wanted is not None else None
    is_told = deputy is not None and is_colleague(session, event.subject_id, deputy.pk)
    until = event.fields["until"]
    return Addressed(
        [deputy] if deputy is not None and is_told and not person.is_administrator else [],
        "/notices/choices",
        {"name": person.name, "until": until},
        until=date.fromisoformat(until),
    )


LETTERS = {
    "deputy_named": LetterTemplate(
        N_("You are a colleague's deputy"),
        (
            N_(
                "%(name)s is away until %(until)s and has named you as deputy. Until then, what reaches both of you "
                "comes to you as a letter at once, whatever you have chosen."
            ),
        ),
        _deputy,
    ),
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
