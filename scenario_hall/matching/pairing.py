"""The number of one pair, from its two sides alone: it stays the same while other records come and go.

    base = Σ asks(term) · answers(term) / own     words, characters, glosses, tags; own: the perfect answer's words
    rank = (base + gate · Σ requirements) · unmet · by hand · (1 + fit)
    score = 100 / (1 + e^−(slope · ln rank + shift))   calibrated: of pairs shown with 80, about 80 in 100 are useful

The requirements count in full only where the words agree somewhat (gate): a number alone is no match. The same rules
are applied to one pair here and to arrays in ``matcher.py``; a property test holds them against each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Necessity, Requirement
from scenario_hall.matching.explanation import Fit, JudgedLine
from scenario_hall.matching.features import Features
from scenario_hall.matching.requirements import Verdict, is_close, judge

RULES_VERSION = "2026.3"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """How much each part counts, and where the lines are drawn. Chosen with ``evaluate match`` on three judged sets,
    each held out in turn; docs/matching.md has the table."""

    met: float = 0.06
    near: float = 0.02
    close: float = 0.12
    unmet: float = 0.55  # factor for each must that is not met
    by_hand: float = 0.85  # factor where the scenario wants it to run by itself and the product does not
    gate: float = 5.0
    full_lines: float = 4.0
    fit: float = 0.10
    slope: float = 3.34
    shift: float = 4.24
    # With fewer different words, and no tag, a record says too little to be scored.
    enough_words: int = 5
    qualifies: int = 35
    # Below this the words have nothing to do with each other.
    least_base: float = 0.01


WEIGHTS = Weights()
FIT_WORTH = {Verdict.MET: 1.0, Verdict.NEAR: 0.3, Verdict.UNKNOWN: 0.0, Verdict.UNMET: -1.0}
FITS = 4


@dataclass(frozen=True)
class PairNumbers:
    """What the number of a pair is made of."""

    base: float
    requirements: float
    rank: float
    has_unmet_must: bool
    lines: tuple[JudgedLine, ...]
    fits: tuple[Fit, ...]


def base_of(need: Features, offer: Features) -> float:
    """What the product's words and tags answer of the scenario's, 0 and more."""
    smaller, larger = sorted((need.weights, offer.weights), key=len)
    total = sum(weight * larger[term] for term, weight in smaller.items() if term in larger)
    return max(0.0, total / need.own) if need.own else 0.0


def weight_of(line: Requirement) -> float:
    """A should counts half."""
    return 1.0 if line.necessity is Necessity.MUST else 0.5


def share_of_lines(count: int) -> float:
    """Ten requirements say no more together than ``full_lines`` do: a long list would drown the words."""
    return min(1.0, WEIGHTS.full_lines / count) if count else 1.0


def pair_numbers(need: Features, offer: Features) -> PairNumbers:
    """The numbers of one pair."""
    base = base_of(need, offer)
    lines = tuple(JudgedLine.of(judge(line, offer.specifications)) for line in need.requirements)
    close = [is_close(line, offer.specifications) for line in need.requirements]
    return numbers_of(need, offer, base, lines, close)


def numbers_of(
    need: Features,
    offer: Features,
    base: float,
    lines: tuple[JudgedLine, ...],
    close: Sequence[bool],
    *,
    fits: tuple[Fit, ...] | None = None,
    runs_by_itself: bool = False,
) -> PairNumbers:
    """The same with given verdicts: what would be, if these were the product's."""
    worth = {Verdict.MET: WEIGHTS.met, Verdict.NEAR: WEIGHTS.near}
    requirements = sum(weight_of(line.requirement) * worth.get(line.verdict, 0.0) for line in lines) + sum(
        weight_of(line.requirement) * WEIGHTS.close for line, is_it in zip(lines, close, strict=True) if is_it
    )
    requirements *= share_of_lines(len(lines))
    unmet = sum(weight_of(line.requirement) for line in lines if line.verdict is Verdict.UNMET)
    fits = fits_of(need, offer) if fits is None else fits
    rank = float(
        rank_of(
            np.array([base]), np.array([requirements]), np.array([unmet]),
            np.array([need.wants_autonomy and offer.by_hand and not runs_by_itself]),
            np.array([sum(FIT_WORTH[fit.verdict] for fit in fits) / FITS]),
        )[0]
    )  # fmt: skip
    has_unmet_must = not need.is_read and any(
        line.verdict is Verdict.UNMET and line.requirement.necessity is Necessity.MUST for line in lines
    )
    return PairNumbers(base, requirements, rank, has_unmet_must, lines, fits)


def rank_of(base: Floats, requirements: Floats, unmet: Floats, by_hand: NDArray[np.bool_], fit: Floats) -> Floats:
    """The rank of many pairs, shape of ``base``; see the module's first lines."""
    gate = np.minimum(1.0, WEIGHTS.gate * base)
    return (
        (base + gate * requirements)
        * np.power(WEIGHTS.unmet, unmet)
        * np.where(by_hand, WEIGHTS.by_hand, 1.0)
        * (1 + WEIGHTS.fit * fit)
    )


def most_of(need: Features, base: Floats) -> Floats:
    """What the rank could be at most with words worth ``base``, if every line were met; shape of ``base``."""
    lines = len(need.requirements)
    most = (WEIGHTS.met + WEIGHTS.close) * sum(weight_of(line) for line in need.requirements) * share_of_lines(lines)
    # A hair above, since a pair's own sum is added up in another order than the arrays'.
    bound: Floats = (base + np.minimum(1.0, WEIGHTS.gate * base) * most) * (1 + WEIGHTS.fit) + 1e-6
    return bound


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
        verdict = Verdict.UNKNOWN if not served else Verdict.MET if asked.region in served else Verdict.UNMET
        fits.append(Fit(aspect="region", verdict=verdict))
    top = asked.budget_high if asked.budget_high is not None else asked.budget_low
    if top is not None:
        price = offered.price_low if offered.price_low is not None else offered.price_high
        budget = Verdict.UNKNOWN
        if price is not None:
            budget = Verdict.MET if price <= top else Verdict.NEAR if price <= 1.2 * top else Verdict.UNMET
        fits.append(Fit(aspect="budget", verdict=budget))
    level = offered.readiness_level
    ready = Verdict.UNKNOWN if level is None else Verdict.MET if level >= 6 else Verdict.NEAR
    fits.append(Fit(aspect="readiness", verdict=ready))
    held = offered.certificates_in_force
    fits.append(Fit(aspect="certificates", verdict=Verdict.MET if held else Verdict.UNKNOWN))
    return tuple(fits)
