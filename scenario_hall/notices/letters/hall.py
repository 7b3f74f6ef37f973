"""Letters to administrators about the hall's own work."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.reviewing.absences import administrators


def _administrators(session: Session, _event: Event) -> Addressed:
    return Addressed(administrators(session), "/admin/work/")


LETTERS = {
    "alerts_braked": LetterTemplate(
        N_("Letters about saved searches wait for the morning"),
        (
            N_(
                "The hall has written as many letters about saved searches in an hour as it may "
                "(HALL_ALERTS_AN_HOUR). What is found from now on is told in the letters of the next morning; "
                "nothing is lost. Look whether a program or a list has brought more than it should:"
            ),
        ),
        _administrators,
    ),
}
