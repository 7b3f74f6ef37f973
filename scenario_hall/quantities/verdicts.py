"""Requirements held against specifications: met, nearly met, unmet, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.quantities.like_measures import same_metric
from scenario_hall.taxonomy.metrics import dimension_of

# How far a value may miss its threshold and still count as near: a tenth of the threshold.
NEAR_MARGIN = 0.10


class Verdict(StrEnum):
    MET = "met"
    NEAR = "near"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    # An enum's own hash is Python's; a verdict is looked up for every line and condition of every explained pair.
    __hash__ = str.__hash__


VERDICT_NAMES: dict[str, str] = {
    Verdict.MET: N_("met"),
    Verdict.NEAR: N_("nearly met"),
    Verdict.UNMET: N_("not met"),
    Verdict.UNKNOWN: N_("not stated"),
}


# The same, as numbers in arrays: the more favourable, the higher.
UNKNOWN, UNMET, NEAR, MET = 0, 1, 2, 3
VERDICTS = (Verdict.UNKNOWN, Verdict.UNMET, Verdict.NEAR, Verdict.MET)
# Rounding of converted units is no shortfall.
ROUNDING = 1e-9
# How far beyond a threshold a value in the same unit may lie and still look like an answer to it.
CLOSE_FACTOR = 4.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JudgedRequirement:
    """One requirement beside what the product states, as it states it and, from low to high, in the requirement's
    unit."""

    requirement: Requirement
    specification: Specification | None = None
    verdict: Verdict = Verdict.UNKNOWN
    offered_low: float | None = None
    offered_high: float | None = None


@dataclass(frozen=True, slots=True)
class PreparedRequirement:
    """A requirement made ready to be held against many products."""

    requirement: Requirement
    dimension: str
    factor: float  # of its unit, to the dimension's base unit
    value: float
    most_rounding: float
    most_near: float


def prepare_requirement(requirement: Requirement) -> PreparedRequirement:
    """The requirement with what is the same for every product."""
    dimension, factor = dimension_of(requirement.unit, requirement.metric)
    scale = _scale(requirement)
    return PreparedRequirement(
        requirement, dimension, factor, requirement.value or 0.0, ROUNDING * scale, NEAR_MARGIN * scale
    )


def judge(requirement: Requirement, specifications: Sequence[Specification]) -> JudgedRequirement:
    """Hold one requirement against what the product states; what it does not state is unknown, never met.

    With several statements of one metric the most favourable counts.
    """
    return judge_closely([prepare_requirement(requirement)], specifications)[0][0]


def judge_closely(
    lines: Sequence[PreparedRequirement], specifications: Sequence[Specification]
) -> list[tuple[JudgedRequirement, bool]]:
    """The same for each requirement, and whether the product states, under whatever name, a value in the requirement's
    dimension that would answer it and is of its order: “12 s a fruit” and “单串采摘不超过15秒” have no common word."""
    statements = [(specification, *_in_base_unit(specification)) for specification in specifications]
    return [_judge_one(line, statements) for line in lines]


# A specification with its dimension, and what it states in the dimension's base unit (low, high).
_Statement = tuple[Specification, str, tuple[float, float] | None]


def _in_base_unit(specification: Specification) -> tuple[str, tuple[float, float] | None]:
    dimension, factor = dimension_of(specification.unit, specification.metric)
    value, high = specification.value, specification.value_high
    if value is None:
        return dimension, None
    return dimension, (value * factor, (value if high is None else high) * factor)


def _judge_one(line: PreparedRequirement, statements: Sequence[_Statement]) -> tuple[JudgedRequirement, bool]:
    requirement, wanted, factor = line.requirement, line.dimension, line.factor
    metric, unit, comparison = requirement.metric, requirement.unit, requirement.comparison
    has_value = requirement.value is not None
    stated_best: Specification | None = None
    best_low = best_high = None
    highest, is_close = UNKNOWN, False
    for specification, dimension, stated in statements:
        if dimension != wanted or stated is None or not has_value:
            continue
        low, high = stated[0] / factor, stated[1] / factor
        missing = _missing(comparison, line.value, requirement.value_high, low, high)
        code = MET if missing <= line.most_rounding else NEAR if missing <= line.most_near else UNMET
        is_close = is_close or (code == MET and _is_of_its_order(comparison, line.value, low, high))
        if code > highest and same_metric(metric, unit, specification.metric, specification.unit):
            highest, stated_best, best_low, best_high = code, specification, low, high
    if stated_best is None:
        # Nothing that can be compared: the measure may be stated all the same, or be one that is there or not.
        for specification, _, _ in statements:
            if same_metric(metric, unit, specification.metric, specification.unit):
                stated_best, highest = specification, MET if comparison is Comparison.HAS else UNKNOWN
                break
    return JudgedRequirement(requirement, stated_best, VERDICTS[highest], best_low, best_high), is_close


def _scale(requirement: Requirement) -> float:
    """The size that rounding and a near miss are measured against, in the requirement's unit."""
    return max(abs(requirement.value or 0.0), abs(requirement.value_high or 0.0)) or 1.0


def _missing(comparison: Comparison, value: float, value_high: float | None, low: float, high: float) -> float:
    """By how much a stated range misses what is wanted, in the requirement's unit; 0 and less: not at all."""
    if comparison is Comparison.AT_LEAST:
        return value - high
    if comparison is Comparison.AT_MOST:
        return low - value
    if comparison is Comparison.EQUAL_TO:
        return max(low - value, value - high)
    upper = value_high if value_high is not None else value
    # A wanted range is a span that the product has to cover: working temperature −20 to 50 ℃.
    return max(low - value, upper - high) if high > low else max(value - low, low - upper)


def _is_of_its_order(comparison: Comparison, value: float, low: float, high: float) -> bool:
    if not value:
        return False
    if comparison is Comparison.BETWEEN:
        return True
    ratio = abs((low if comparison is Comparison.AT_MOST else high) / value)
    return 1 / (CLOSE_FACTOR + 1) <= ratio <= CLOSE_FACTOR


def verdict_masks(
    requirement: Requirement, low: Floats, high: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """What ``judge_closely`` says of one statement, for many: (near or met, met, close) for each stated range
    in the requirement's unit, shapes of ``low``. NaN is none of them."""
    value = requirement.value or 0.0
    scale = _scale(requirement)
    match requirement.comparison:
        case Comparison.AT_LEAST:
            missing = value - high
        case Comparison.AT_MOST:
            missing = low - value
        case Comparison.EQUAL_TO:
            missing = np.maximum(low - value, value - high)
        case _:
            upper = requirement.value_high if requirement.value_high is not None else value
            covers, inside = np.maximum(low - value, upper - high), np.maximum(value - low, low - upper)
            missing = np.where(high > low, covers, inside)
    met: NDArray[np.bool_] = missing <= ROUNDING * scale
    near: NDArray[np.bool_] = missing <= NEAR_MARGIN * scale
    if not value:
        return near, met, np.zeros(len(low), np.bool_)
    if requirement.comparison is Comparison.BETWEEN:
        return near, met, met
    ratio = np.abs((low if requirement.comparison is Comparison.AT_MOST else high) / value)
    close: NDArray[np.bool_] = met & (ratio <= CLOSE_FACTOR) & (ratio >= 1 / (CLOSE_FACTOR + 1))
    return near, met, close
