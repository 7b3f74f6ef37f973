"""Judging by several evaluators: the criteria, each one's interests and marks, the joint round."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from scenario_hall.api import applications
from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import Asked, Text, Told
from scenario_hall.applications.judging import service
from scenario_hall.applications.judging.models import HIGHEST_MARK, HIGHEST_WEIGHT, Mark, Score, criterion
from scenario_hall.applications.judging.side_by_side import Judged
from scenario_hall.core.policy import require
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.judging import judging_dossier, score_dossier
from scenario_hall.organizations.tokens import Scope
from scenario_hall.web.kit.language import current_locale


class CriterionTold(Told):
    """What is scored, and how much it counts."""

    name: str
    weight: int


class ScoreTold(Told):
    """One evaluator's marks, in the order of the criteria."""

    evaluator: str
    is_joint: bool
    marks: list[Mark]
    reason: str


class JudgedTold(Told):
    """An application as its evaluator may see it; others' scores from the joint round on."""

    application: str
    may_judge: bool
    has_conflict: bool | None = Field(description="What the caller has declared; null: nothing yet.")
    own: ScoreTold | None
    is_revealed: bool
    scored_by: list[str]
    lacking: int = Field(description="How many more evaluators have to score it before the joint round.")
    scores: list[ScoreTold]
    joint_mean: float | None


class JudgingTold(Told):
    """How the applications to a scenario are judged."""

    scenario: str
    version: int = Field(description="Of the criteria; sent back with them and with marks.")
    criteria: list[CriterionTold]
    can_set_criteria: bool
    can_reveal: bool
    applications: list[JudgedTold]


class CriterionAsked(Asked):
    """A criterion by its name, and how much it counts."""

    name: str = Field(min_length=1, max_length=120)
    weight: int = Field(ge=1, le=HIGHEST_WEIGHT)


class Criteria(Asked):
    """All criteria as they should be, and the version that was seen."""

    version: int = Field(ge=0, le=2**31)
    criteria: list[CriterionAsked] = Field(min_length=1, max_length=service.MOST_CRITERIA)


class Interest(Asked):
    """Whether the evaluator has an interest in the application; a conflict says which."""

    has_conflict: bool
    reason: Text = ""


class MarkAsked(Asked):
    """A mark, and why."""

    mark: int = Field(ge=0, le=HIGHEST_MARK)
    comment: str = Field(default="", max_length=1000)


class Marks(Asked):
    """A mark for each criterion, in their order; in the joint round with the reason for a revision."""

    version: int = Field(ge=0, le=2**31, description="Of the criteria, as they were seen.")
    marks: list[MarkAsked] = Field(min_length=1, max_length=service.MOST_CRITERIA)
    reason: Text = ""


def _score(name: str, score: Score) -> ScoreTold:
    return ScoreTold(evaluator=name, is_joint=score.is_joint, marks=score.mark_lines, reason=score.reason)


def _judged(call: Call, judged: Judged) -> JudgedTold:
    own, declared = judged.own_score, judged.own_declaration
    return JudgedTold(
        application=judged.application.code,
        may_judge=judged.may_judge,
        has_conflict=declared.has_conflict if declared is not None else None,
        own=_score(call.actor.name, own) if own is not None else None,
        is_revealed=judged.is_revealed,
        scored_by=list(judged.scored_by),
        lacking=judged.lacking,
        scores=[_score(name, score) for name, score in judged.scores],
        joint_mean=judged.joint_mean,
    )


def _judging(call: Call) -> JudgingTold:
    dossier = judging_dossier(call.session, call.actor, call.path["code"])
    return JudgingTold(
        scenario=dossier.scenario.code,
        version=dossier.judging.version,
        criteria=[
            CriterionTold(name=each.shown(current_locale()), weight=each.weight)
            for each in dossier.judging.criterion_lines
        ],
        can_set_criteria=dossier.can_set_criteria,
        can_reveal=dossier.can_reveal,
        applications=[_judged(call, offer.judged) for offer in dossier.offers],
    )


def _set_criteria(call: Call) -> JudgingTold:
    sent: Criteria = call.body
    service.set_criteria(
        call.actor,
        session=call.session,
        scenario=call.record,
        version=sent.version,
        criteria=[criterion(each.name, each.weight) for each in sent.criteria],
    )
    return _judging(call)


def _reveal(call: Call) -> JudgingTold:
    require(call.actor, "view_judging", call.record)
    service.reveal_scores(call.actor, session=call.session, scenario=call.record)
    return _judging(call)


def _of_one(call: Call) -> JudgedTold:
    return _judged(call, score_dossier(call.session, call.actor, call.record.code).judged)


def _declare(call: Call) -> JudgedTold:
    require(call.actor, "view_judging", call.record)
    sent: Interest = call.body
    service.declare_interest(
        call.actor,
        session=call.session,
        application=call.record,
        has_conflict=sent.has_conflict,
        reason=sent.reason,
    )
    return _of_one(call)


def _give(call: Call) -> JudgedTold:
    require(call.actor, "view_judging", call.record)
    sent: Marks = call.body
    service.score_application(
        call.actor,
        session=call.session,
        application=call.record,
        version=sent.version,
        marks=[Mark(mark=each.mark, comment=each.comment) for each in sent.marks],
        reason=sent.reason,
    )
    return _of_one(call)


_OF_SCENARIO: dict[str, Any] = {"subject": "scenarios", "load": SCENARIOS.load, "answer": JudgingTold}
_OF_APPLICATION: dict[str, Any] = {
    "method": "POST",
    "subject": "applications",
    "load": applications.load,
    "answer": JudgedTold,
    "scopes": (Scope.APPLY,),
}
OPERATIONS = [
    Operation(
        name="get_judging",
        method="GET",
        path="/scenarios/{code}/judging",
        summary=N_("How the applications to it are judged, to its own people"),
        scopes=(Scope.READ,),
        run=_judging,
        **_OF_SCENARIO,
    ),
    Operation(
        name="set_criteria",
        method="PUT",
        path="/scenarios/{code}/judging/criteria",
        summary=N_("Say what is scored and how much it counts, before the first score"),
        scopes=(Scope.WRITE,),
        body=Criteria,
        run=_set_criteria,
        example={"version": 0, "criteria": [{"name": "可行性", "weight": 3}]},
        **_OF_SCENARIO,
    ),
    Operation(
        name="reveal_scores",
        method="POST",
        path="/scenarios/{code}/judging/reveal",
        summary=N_("Open the joint round: the evaluators see each other's scores"),
        scopes=(Scope.APPLY,),
        run=_reveal,
        **_OF_SCENARIO,
    ),
    Operation(
        name="declare_interest",
        path="/applications/{code}/judging/interest",
        summary=N_("Declare, before scoring, whether you have an interest in it"),
        body=Interest,
        run=_declare,
        example={"has_conflict": False},
        **_OF_APPLICATION,
    ),
    Operation(
        name="score_application",
        path="/applications/{code}/judging",
        summary=N_("Score it, or revise your score in the joint round"),
        body=Marks,
        run=_give,
        example={"version": 0, "marks": [{"mark": 4, "comment": "…"}]},
        **_OF_APPLICATION,
    ),
]
