"""What stopped trials taught, shown without names to who plans something alike."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.matching.likeness import LikeScenario
from scenario_hall.outcomes.lifecycle import FAILED
from scenario_hall.outcomes.models import Outcome


@dataclass(frozen=True)
class Lesson:
    """What a stopped trial taught, without anybody's name."""

    cause: str
    text: str
    likeness: float


def lessons_of(session: Session, alike: list[LikeScenario], most: int = 5) -> list[Lesson]:
    """Published lessons of trials that were stopped in these scenarios, those of the most alike first."""
    likeness = {like.scenario.pk: like.likeness for like in alike}
    query = select(Outcome).where(
        col(Outcome.scenario_id).in_(likeness), col(Outcome.state) == FAILED, col(Outcome.lessons_are_public)
    )
    found = [Lesson(row.cause, row.lessons, likeness[row.scenario_id]) for row in session.exec(query)]
    return sorted(found, key=lambda lesson: (-lesson.likeness, lesson.text))[:most]
