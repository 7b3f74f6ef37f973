"""What evaluators see: the applications for one scenario side by side, and one of them with its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.applications.judging.models import Judging
from scenario_hall.applications.judging.service import criteria_are_fixed, judging_of
from scenario_hall.applications.judging.side_by_side import Judged, side_by_side, weighted_mean
from scenario_hall.applications.models import Answer, Application
from scenario_hall.applications.service import get_application
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.quantities.verdicts import JudgedRequirement, judge
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario


@dataclass(frozen=True)
class Offer:
    """What one application offers, in the product's version that was sent."""

    judged: Judged
    lines: Sequence[tuple[JudgedRequirement, Answer | None]]  # one a requirement
    price_min: int | None
    price_max: int | None
    currency: str
    readiness_level: int | None


@dataclass(frozen=True)
class JudgingDossier:
    """All applications for a scenario, and what this reader may do with them."""

    scenario: Scenario
    judging: Judging
    requirements: Sequence[Requirement]
    offers: Sequence[Offer]
    lacking: Sequence[Judged]
    is_alone: Sequence[Judged]  # whose scores are still given apart
    can_reveal: bool
    can_set_criteria: bool
    is_evaluator: bool


@dataclass(frozen=True)
class ScoreDossier:
    """One application with the scores that this reader may see."""

    application: Application
    judging: Judging
    judged: Judged
    offer: Offer
    is_evaluator: bool
    totals: Sequence[float]
    files: Sequence[StoredFile]


def judging_dossier(session: Session, actor: Actor, code: str) -> JudgingDossier:
    """Raises NotFound, Denied."""
    scenario = get_scenario(session, code)
    require(actor, "view_judging", scenario)
    requirements = scenario.requirement_lines
    judged = side_by_side(actor, session=session, scenario=scenario)
    return JudgingDossier(
        scenario=scenario,
        judging=judging_of(session, scenario),
        requirements=requirements,
        offers=[offer_of(each, requirements) for each in judged],
        lacking=[each for each in judged if each.lacking],
        is_alone=[each for each in judged if not each.is_revealed and (each.may_judge or each.scored_by)],
        can_reveal=can(actor, "reveal_scores", scenario),
        can_set_criteria=can(actor, "set_criteria", scenario) and not criteria_are_fixed(session, scenario),
        is_evaluator=any(can(actor, "judge", each.application) for each in judged),
    )


def score_dossier(session: Session, actor: Actor, code: str) -> ScoreDossier:
    """Raises NotFound, Denied."""
    application = get_application(session, code)
    require(actor, "view_judging", application)
    rows = side_by_side(actor, session=session, scenario=application.scenario)
    judged = next(each for each in rows if each.application.pk == application.pk)
    judging = judging_of(session, application.scenario)
    criteria = judging.criterion_lines
    return ScoreDossier(
        application=application,
        judging=judging,
        judged=judged,
        offer=offer_of(judged, application.scenario.requirement_lines),
        is_evaluator=judged.may_judge,
        totals=[weighted_mean(criteria, [mark.mark for mark in each.mark_lines]) for _, each in judged.scores],
        files=files_of(session, "application", application.pk),
    )


def offer_of(judged: Judged, requirements: Sequence[Requirement]) -> Offer:
    application = judged.application
    content = application.product_revision.content
    stated = [Specification.model_validate(line) for line in content.get("specifications", ())]
    answers = {line.metric: line for line in application.answer_lines}
    return Offer(
        judged=judged,
        lines=[(judge(line, stated), answers.get(line.metric)) for line in requirements],
        price_min=content.get("price_min"),
        price_max=content.get("price_max"),
        currency=content.get("currency") or "CNY",
        readiness_level=content.get("readiness_level"),
    )
