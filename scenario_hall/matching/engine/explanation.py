"""Why a pair matches, as a structure; the page writes the sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import PlainSerializer, TypeAdapter

from scenario_hall.core.texts import N_
from scenario_hall.quantities.verdicts import JudgedRequirement, Verdict

# A part of the whole, 0–1; kept to three digits.
Share = Annotated[float, PlainSerializer(lambda share: round(share, 3))]


@dataclass(frozen=True, slots=True)
class Fit:
    """How one side condition fits: region, budget, readiness, certificates."""

    aspect: str
    verdict: Verdict


@cache
def fit_of(aspect: str, verdict: Verdict) -> Fit:
    """One of the few that there are."""
    return Fit(aspect=aspect, verdict=verdict)


@dataclass(frozen=True, slots=True)
class Translation:
    """Two words of different languages that a dictionary joins."""

    asked: str
    answered: str
    share: Share


class ChangeKind(StrEnum):
    REQUIREMENT = "requirement"
    REGION = "region"
    BUDGET = "budget"
    AUTONOMY = "autonomy"


# What a product fits beside the requirements.
ASPECT_NAMES: dict[str, str] = {
    "region": N_("Region"),
    "budget": N_("Budget"),
    "readiness": N_("Readiness"),
    "certificates": N_("Certificates"),
}
# What a score is made of, in the order of the page.
PART_NAMES: dict[str, str] = {
    "words": N_("Words that counted"),
    "tags": N_("Tags in common"),
    "meaning": N_("Close in meaning"),
    "requirements": N_("Requirements"),
    "fit": N_("Fit"),
}
CHANGE_NAMES: dict[str, str] = {
    ChangeKind.REGION: N_("serve this region"),
    ChangeKind.BUDGET: N_("a price within the budget"),
    ChangeKind.AUTONOMY: N_("work without an operator"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to be otherwise; ``line`` is the place of the requirement."""

    kind: ChangeKind
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that made the score, and what kept it from being higher."""

    shared_tags: tuple[str, ...] = ()
    words: tuple[tuple[str, Share], ...] = ()  # the word and its share of the words' part, 0–1
    translations: tuple[Translation, ...] = ()
    denied: tuple[str, ...] = ()  # words of the scenario that the product says it has not
    by_hand: bool = False  # the scenario wants it to run by itself and the product does not
    lines: tuple[JudgedRequirement, ...] = ()
    close: tuple[int, ...] = ()  # places of requirements that something stated in their unit would answer
    lifts: tuple[Change, ...] = ()  # the fewest changes that would make it qualify
    fits: tuple[Fit, ...] = ()
    missing_tags: tuple[str, ...] = ()  # what the scenario names and the product does not
    parts: dict[str, Share] = field(
        default_factory=dict
    )  # words, tags, meaning, requirements, fit; shares of the scenario's own weight
    has_enough: bool = True
    is_by_meaning_only: bool = False  # nothing in common but what the texts mean
    closest: tuple[str, str] | None = None  # a sentence of the scenario and one of the product, close in meaning

    @property
    def unmet(self) -> tuple[JudgedRequirement, ...]:
        return tuple(line for line in self.lines if line.verdict is Verdict.UNMET)

    @property
    def unknown(self) -> tuple[JudgedRequirement, ...]:
        return tuple(line for line in self.lines if line.verdict is Verdict.UNKNOWN)


_REASONS = TypeAdapter(Reasons)


def reasons_as_data(reasons: Reasons) -> dict[str, Any]:
    """What is stored, as JSON has it."""
    data: dict[str, Any] = _REASONS.dump_python(reasons, mode="json")
    return data


def reasons_from_data(data: Mapping[str, Any]) -> Reasons:
    """What was stored. Raises pydantic.ValidationError."""
    return _REASONS.validate_python(data)
