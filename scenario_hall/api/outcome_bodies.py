"""What is sent with the steps of a trial or use."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, create_model

from scenario_hall.api.values import Asked, Day, Id, Text, WrittenText
from scenario_hall.core.values import MAX_LINES, Requirement
from scenario_hall.outcomes.claim.models import CLAIM_DECLARATIONS, AdviceKind
from scenario_hall.outcomes.claim.review import HIGHEST_MARK
from scenario_hall.outcomes.claim.rules import Fact
from scenario_hall.outcomes.claim.rules import Scope as FirstScope
from scenario_hall.outcomes.models import Cause
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.models import PLAN_TERMS


class PlanLine(Requirement, extra="forbid"):
    """A metric with its threshold."""


PlanTermTexts: type[Asked] = create_model(
    "PlanTermTexts",
    __base__=Asked,
    **dict.fromkeys(PLAN_TERMS, (Text, "")),  # type: ignore[call-overload]
)
Declarations: type[Asked] = create_model(
    "Declarations",
    __base__=Asked,
    **dict.fromkeys(CLAIM_DECLARATIONS, (WrittenText, ...)),  # type: ignore[call-overload]
)


class PlanTerms(Asked):
    """What a plan says."""

    place: WrittenText = Field(max_length=200)
    starts_on: Day
    ends_on: Day
    metrics: list[PlanLine] = Field(min_length=1, max_length=MAX_LINES)
    terms: PlanTermTexts = Field(default_factory=PlanTermTexts)

    def plan(self) -> dict[str, Any]:
        """As the services take it."""
        return {
            "place": self.place,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "metrics": [PlanMetric.of(Requirement.model_validate(line.model_dump())) for line in self.metrics],
            "terms": self.terms.model_dump(),
        }


class Amendment(PlanTerms):
    """The whole plan as it should be, and why."""

    reason: WrittenText


class AmendmentDecision(Asked):
    """On the amendment of this number, in the version that was seen."""

    number: int = Field(ge=1, le=10_000)
    version: int = Field(ge=1, le=2**31)
    decision: Literal["agree", "refuse", "withdraw"]
    reason: Text = ""


class MilestoneWord(Asked):
    """A milestone by its name, and what is said of it."""

    name: str = Field(min_length=1, max_length=40)
    text: Text = ""


class Report(Asked):
    """The results: one measured value, the two ends of a measured range, or null, for each metric of the plan, in its
    order and unit."""

    measured: list[float | tuple[float, float] | None] = Field(max_length=MAX_LINES)
    summary: WrittenText
    lessons: Text = ""


class Stop(Asked):
    """Why it ends without its result, and what was learnt."""

    cause: Cause
    reason: WrittenText
    lessons: Text = ""
    is_public: bool = Field(default=False, description="The lessons may be shown, without the names.")


class Statement(Asked):
    """What the pilot platform saw."""

    statement: WrittenText


class Claim(Asked):
    """To be the first in a scope; `facts`: what is stated of each kind of evidence."""

    scope: FirstScope
    declarations: Declarations
    facts: dict[str, dict[Fact, str]] | None = None


class Advice(Asked):
    """A reviewer's advice: a mark for each criterion of the rules, and the kinds of evidence that were looked at."""

    advice: AdviceKind
    marks: dict[str, int] = Field(max_length=20, description=f"0 to {HIGHEST_MARK} a criterion.")
    reason: WrittenText
    checked: list[str] = Field(default_factory=list, max_length=60)


class ObjectionAnswer(Asked):
    """The answer to an objection; one that is upheld ends the claim."""

    objection: Id
    answer: WrittenText
    is_upheld: bool
