"""The number of one pair, from its two sides alone: it stays the same while other records come and go.

    words = Σ asks(term) · answers(term) / perfect score    words, characters, glosses, tags
    base = words + meaning · (standard score of the closest vectors, from 1 on and up to 4; between two languages more,
           from 1.5 on: there few words can be shared)
    rank = (base + gate · Σ requirements) · unmet · by hand · (1 + fit)
    score = 100 / (1 + e^−(slope · ln rank + shift))   calibrated: of pairs shown with 80, about 80 in 100 are useful

The perfect score is what the words of a perfect answer would give. The requirements count in full only where the
words agree somewhat (gate): a number alone is no match. The same rules
are applied to one pair here and to arrays in ``matcher.py``; a property test holds them against each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Necessity, Requirement
from scenario_hall.matching.engine.closeness import standard_score
from scenario_hall.matching.engine.explanation import Fit, fit_of
from scenario_hall.matching.engine.features import Features, Offer
from scenario_hall.quantities.verdicts import JudgedRequirement, Verdict, judge_closely

RULES_VERSION = "2026.10"
Floats = NDArray[np.float64]
Numbers = float | Floats


@dataclass(frozen=True)
class Weights:
    """How much each part counts, and where the lines are drawn. Chosen with ``evaluate match`` on five judged sets,
    each held out in turn; docs/matching.md has the table."""

    met: float = 0.03
    near: float = 0.02
    close: float = 0.27
    unmet: float = 0.63  # factor for each must that is not met
    by_hand: float = 0.95  # factor where the scenario wants it to run by itself and the product does not
    gate: float = 5.0
    full_lines: float = 2.5
    meaning: float = 0.06  # of each deviation that the closest vectors lie above meaning_from
    meaning_from: float = 1.0
    # The same between two languages, whose words a dictionary joins at best in part.
    meaning_across: float = 0.10
    meaning_across_from: float = 1.5
    meaning_span: float = 3.0
    fit: float = 0.10
    slope: float = 3.33
    shift: float = 2.40
    # With fewer different words, and no tag, a record says too little to be scored.
    enough_words: int = 5
    qualifies: int = 35
    # Below this the words have nothing to do with each other.
    min_base: float = 0.01


WEIGHTS = Weights()
FIT_WORTH = {Verdict.MET: 1.0, Verdict.NEAR: 0.3, Verdict.UNKNOWN: 0.0, Verdict.UNMET: -1.0}
FITS = 4
LINE_WORTH = {Verdict.MET: WEIGHTS.met, Verdict.NEAR: WEIGHTS.near, Verdict.UNMET: 0.0, Verdict.UNKNOWN: 0.0}


@dataclass(frozen=True)
class PairNumbers:
    """What the number of a pair is made of."""

    base: float
    meaning: float
    """What the closeness in meaning adds to the base; 0 where a side has no vectors."""
    parts: Mapping[str, float]
    """Term → what it adds to the base, before that is divided by ``perfect_score``."""
    requirements: float
    rank: float
    has_unmet_must: bool
    lines: tuple[JudgedRequirement, ...]
    close: tuple[bool, ...]
    """Of each line, does something stated in its unit, under whatever name, answer it?"""
    fits: tuple[Fit, ...]


def parts_of(need: Features, offer: Features) -> dict[str, float]:
    """Term → what it is worth to the pair."""
    answers = offer.weights
    return {term: weight * answers[term] for term, weight in need.weights.items() if term in answers}


def base_of(need: Features, parts: Mapping[str, float]) -> float:
    """What the product's words and tags answer of the scenario's, 0 and more."""
    return max(0.0, sum(parts.values()) / need.perfect_score) if need.perfect_score else 0.0


def meaning_worth(scores: Numbers, across: bool | NDArray[np.bool_]) -> Numbers:
    """What standard scores of closeness add to the base; ``across``: of pairs in two languages."""
    begin = np.where(across, WEIGHTS.meaning_across_from, WEIGHTS.meaning_from)
    weight = np.where(across, WEIGHTS.meaning_across, WEIGHTS.meaning)
    worth: Numbers = weight * np.clip(np.subtract(scores, begin), 0.0, WEIGHTS.meaning_span)
    return worth


MOST_MEANING = WEIGHTS.meaning * WEIGHTS.meaning_span
MOST_MEANING_ACROSS = WEIGHTS.meaning_across * WEIGHTS.meaning_span


def meaning_between(need: Features, offer: Features) -> float:
    """The same of one pair."""
    if need.meaning is None or offer.meaning is None:
        return 0.0
    across = need.meaning.language != offer.meaning.language
    return float(meaning_worth(standard_score(need.meaning, offer.meaning), across))


def likeness_of(need: Features, offer: Features) -> float:
    """The share of the one's perfect score that the other's words and tags answer, 0–1."""
    return min(1.0, base_of(need, parts_of(need, offer)))


def weight_of(line: Requirement) -> float:
    """A should counts half."""
    return 1.0 if line.necessity is Necessity.MUST else 0.5


def share_of_lines(count: int) -> float:
    """Ten requirements say no more together than ``full_lines`` do: a long list would drown the words."""
    return min(1.0, WEIGHTS.full_lines / count) if count else 1.0


def pair_numbers(need: Features, offer: Features, parts: Mapping[str, float] | None = None) -> PairNumbers:
    """The numbers of one pair. ``parts``: what ``parts_of`` the two gives, where that is known already."""
    parts = parts_of(need, offer) if parts is None else parts
    judged = judge_closely(need.prepared_requirements, offer.specifications)
    lines = tuple(line for line, _ in judged)
    close = tuple(is_close for _, is_close in judged)
    return numbers_of(need, offer, parts, meaning_between(need, offer), lines, close, fits_of(need, offer))


def numbers_of(
    need: Features,
    offer: Features,
    parts: Mapping[str, float],
    meaning: float,
    lines: tuple[JudgedRequirement, ...],
    close: tuple[bool, ...],
    fits: tuple[Fit, ...],
    *,
    runs_by_itself: bool = False,
) -> PairNumbers:
    """The same with given verdicts: what would be, if these were the product's."""
    base, requirements = base_of(need, parts) + meaning, 0.0
    kept = WEIGHTS.by_hand if need.wants_autonomy and offer.by_hand and not runs_by_itself else 1.0
    has_unmet_must = False
    for line, is_close in zip(lines, close, strict=True):
        weight = weight_of(line.requirement)
        requirements += weight * (LINE_WORTH[line.verdict] + WEIGHTS.close * is_close)
        if line.verdict is Verdict.UNMET:
            kept *= WEIGHTS.unmet**weight
            has_unmet_must |= not need.is_read and line.requirement.necessity is Necessity.MUST
    requirements *= share_of_lines(len(lines))
    fit = sum(FIT_WORTH[each.verdict] for each in fits) / FITS
    rank = float(rank_of(base, requirements, kept, fit))
    return PairNumbers(base, meaning, parts, requirements, rank, has_unmet_must, lines, close, fits)


def rank_of(base: Numbers, requirements: Numbers, kept: Numbers, fit: Numbers) -> Numbers:
    """The rank of a pair, or of many in arrays of one shape; see the module's first lines. ``kept``: the factor that
    unmet lines and work by hand leave."""
    gated = WEIGHTS.gate * base
    gate = min(1.0, gated) if isinstance(gated, float) else np.minimum(1.0, gated)
    found: Numbers = (base + gate * requirements) * kept * (1 + WEIGHTS.fit * fit)
    return found


# A bound lies this much above, since the sum of one pair is added up in another order than the arrays'.
EPSILON = 1e-6


def most_of(base: Numbers, requirements: Numbers) -> Numbers:
    """The rank of words worth ``base`` with lines worth ``requirements``, if nothing else spoke against the pair."""
    return rank_of(base, requirements, 1.0, 1.0) + EPSILON


def min_base_for(rank: float, requirements: float) -> float:
    """What the words have to be worth for ``most_of`` to come to this rank."""
    wanted = (rank - EPSILON) / (1 + WEIGHTS.fit)
    gated = wanted / (1 + WEIGHTS.gate * requirements)
    return gated if WEIGHTS.gate * gated <= 1 else wanted - requirements


def most_of_lines(need: Features) -> float:
    """What the lines give together if all are met."""
    return sum(most_of_line(line) for line in need.requirements) * share_of_lines(len(need.requirements))


def most_of_line(line: Requirement) -> float:
    """What a line gives at most."""
    return weight_of(line) * (WEIGHTS.met + WEIGHTS.close)


def score_of(rank: float) -> int:
    """The calibrated score, 0–100."""
    if rank <= 0:
        return 0
    return round(100 / (1 + math.exp(-(WEIGHTS.slope * math.log(rank) + WEIGHTS.shift))))


def says_enough(features: Features) -> bool:
    """Is there enough to go on for a number?"""
    return features.different_words >= WEIGHTS.enough_words or (
        bool(features.concepts) and features.different_words >= 2
    )


def is_same_organization(need: Features, offer: Features) -> bool:
    one = need.need.organization_id if need.need else None
    other = offer.offer.organization_id if offer.offer else None
    return one is not None and one == other


def fits_of(need: Features, offer: Features) -> tuple[Fit, ...]:
    """Region, budget, readiness level and certificates; what is not stated is unknown."""
    asked, offered = need.need, offer.offer
    if asked is None or offered is None:
        return ()
    fits = []
    if asked.region:
        served = offered.regions_served
        # Who names no region offers it everywhere; the product's form says so.
        verdict = Verdict.MET if not served or asked.region in served else Verdict.UNMET
        fits.append(fit_of("region", verdict))
    top = asked.budget_high if asked.budget_high is not None else asked.budget_low
    if top is not None:
        price = offered.price_low if offered.price_low is not None else offered.price_high
        budget = Verdict.UNKNOWN
        if price is not None:
            budget = Verdict.MET if price <= top else Verdict.NEAR if price <= 1.2 * top else Verdict.UNMET
        fits.append(fit_of("budget", budget))
    fits.append(fit_of("readiness", readiness_of(offered)))
    fits.append(fit_of("certificates", certificates_of(offered)))
    return tuple(fits)


def readiness_of(offered: Offer) -> Verdict:
    level = offered.readiness_level
    return Verdict.UNKNOWN if level is None else Verdict.MET if level >= 6 else Verdict.NEAR


def certificates_of(offered: Offer) -> Verdict:
    return Verdict.MET if offered.certificates_in_force else Verdict.UNKNOWN
