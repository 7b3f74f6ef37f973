"""The applications for one scenario side by side: who has scored, and what the reader may see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.applications.judging.models import Criterion, Declaration, Score
from scenario_hall.applications.judging.service import (
    FEWEST_SCORES,
    counted_scores,
    judging_of,
)
from scenario_hall.applications.lifecycle import OPEN
from scenario_hall.applications.models import Application
from scenario_hall.applications.service import applications_to
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.organizations.models import Account
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True)
class Judged:
    """One application as the reader may see it. ``scores`` and the means are empty before the joint round."""

    application: Application
    is_revealed: bool
    own_score: Score | None
    own_declaration: Declaration | None
    is_hidden: bool  # the reader belongs to a supplier that has applied: marks are not for them
    may_judge: bool  # its scores are still taken, and the reader is one to give them
    scored_by: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]  # who, and what the conflict is
    scores: tuple[tuple[str, Score], ...]
    means: tuple[float, ...]  # by criterion
    joint_mean: float | None

    @property
    def lacking(self) -> int:
        """How many more evaluators have to score it before the joint round."""
        is_waited_for = self.application.state in OPEN and not self.is_revealed
        return max(0, FEWEST_SCORES - len(self.scored_by)) if is_waited_for else 0


def side_by_side(actor: Actor, *, session: Session, scenario: Scenario) -> list[Judged]:
    """All applications for the scenario, the first first. Raises NotFound, Denied."""
    require(actor, "view_judging", scenario)
    judging, applications = judging_of(session, scenario), applications_to(session, scenario)
    scores = counted_scores(session, applications)
    declared = _declarations(session, applications)
    evaluators = {each.account_id for rows in scores.values() for each in rows}
    names = _names(session, evaluators | {each.account_id for rows in declared.values() for each in rows})
    criteria = judging.criterion_lines
    is_hidden = any(not can(actor, "view_scores", application) for application in applications)
    found = []
    for application in applications:
        counted, is_revealed = scores[application.pk], application.pk in judging.revealed
        shown = counted if is_revealed and not is_hidden else []
        interests = declared[application.pk]
        found.append(
            Judged(
                application=application,
                is_revealed=is_revealed,
                is_hidden=is_hidden,
                own_score=next((each for each in counted if each.account_id == actor.account_id), None),
                own_declaration=next((each for each in interests if each.account_id == actor.account_id), None),
                may_judge=application.state in OPEN and can(actor, "judge", application),
                scored_by=tuple(names[each.account_id] for each in counted),
                conflicts=tuple((names[each.account_id], each.reason) for each in interests if each.has_conflict),
                scores=tuple((names[each.account_id], each) for each in shown),
                means=means_of(criteria, shown),
                joint_mean=joint_mean_of(criteria, shown),
            )
        )
    return found


def weighted_mean(criteria: Sequence[Criterion], marks: Sequence[float]) -> float:
    """The marks' mean, each counted as often as its criterion's weight says."""
    total = sum(each.weight for each in criteria)
    return sum(each.weight * mark for each, mark in zip(criteria, marks, strict=True)) / total


def means_of(criteria: Sequence[Criterion], scores: Sequence[Score]) -> tuple[float, ...]:
    """The evaluators' mean by criterion; empty where nobody has scored."""
    if not scores:
        return ()
    lines = [[each.mark for each in score.mark_lines] for score in scores]
    return tuple(sum(line[place] for line in lines) / len(lines) for place in range(len(criteria)))


def joint_mean_of(criteria: Sequence[Criterion], scores: Sequence[Score]) -> float | None:
    """All evaluators together, the criteria weighted; None where nobody has scored."""
    return weighted_mean(criteria, means_of(criteria, scores)) if scores else None


def _declarations(session: Session, applications: Sequence[Application]) -> dict[int, list[Declaration]]:
    found: dict[int, list[Declaration]] = {application.pk: [] for application in applications}
    query = select(Declaration).where(col(Declaration.application_id).in_(list(found)))
    for row in session.exec(query.order_by(col(Declaration.declared_at))):
        found[row.application_id].append(row)
    return found


def _names(session: Session, account_ids: set[int]) -> dict[int, str]:
    query = select(Account.id, Account.name).where(col(Account.id).in_(account_ids))
    return {key: name for key, name in session.exec(query) if key is not None}
