"""One scenario against every product, exactly, and one product against every scenario, with the same number.

A scenario is held against arrays over all products (terms, measures, side conditions) that follow the records; only
the best are then explained. A product is held against all scenarios' words, and then, from the most promising down,
against each whole scenario until none below can reach the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray

from scenario_hall.core.values import Necessity
from scenario_hall.matching.explanation import Reasons
from scenario_hall.matching.features import Features
from scenario_hall.matching.measures import Measures
from scenario_hall.matching.pairing import (
    FITS,
    WEIGHTS,
    Floats,
    PairNumbers,
    is_same_organization,
    most_of,
    pair_numbers,
    rank_of,
    says_enough,
    score_of,
    share_of_lines,
    weight_of,
)
from scenario_hall.matching.reasons import reasons_of
from scenario_hall.matching.requirements import UNMET
from scenario_hall.matching.sides import OfferSides
from scenario_hall.matching.vectors import Rows, Slots, TermMatrix, best_places
from scenario_hall.taxonomy.taxonomy import Taxonomy

# By verdict code: unknown, unmet, near, met.
WORTH = np.array([0.0, 0.0, WEIGHTS.near, WEIGHTS.met])
# A pair whose scenario has a confirmed must that is not met stands below every pair without one.
UNMET_MUST_STEP = 10.0
# So many products with the best words are ranked first, to know what the others would have to reach.
FIRST_LOOK = 400


@dataclass(frozen=True)
class Match:
    """One scored pair. ``score`` is 0–100, or None where one side says too little."""

    scenario: str
    product: str
    score: int | None
    rank: float
    has_unmet_must: bool
    reasons: Reasons

    @property
    def qualifies(self) -> bool:
        return self.score is not None and self.score >= WEIGHTS.qualifies and not self.has_unmet_must


class Matcher:
    """Scenarios and products in memory, following the records; ``put`` and ``remove`` keep it up to date."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._features: dict[str, Features] = {}
        self._needs, self._offers = Rows(), Rows()
        self._asked, self._answered = TermMatrix(), TermMatrix()
        self._measures = Measures()
        self._sides = OfferSides()

    def put(self, features: Features) -> None:
        """Add or replace a scenario or a product."""
        # The weights stay in the matrix alone: of a hundred thousand records they are most of the memory.
        self._features[features.code] = replace(features, weights={})
        if features.need is not None:
            self._asked.put(self._needs.put(features.code), features.weights)
        else:
            slot = self._offers.put(features.code)
            self._answered.put(slot, features.weights)
            self._measures.put(slot, features.specifications)
            self._sides.put(slot, features)

    def put_all(self, many: Iterable[Features]) -> None:
        for features in many:
            self.put(features)

    def remove(self, code: str) -> None:
        if self._features.pop(code, None) is None:
            return
        if (slot := self._needs.remove(code)) is not None:
            self._asked.drop(slot)
        if (slot := self._offers.remove(code)) is not None:
            self._answered.drop(slot)
            self._measures.drop(slot)
            self._sides.drop(slot)

    def __contains__(self, code: str) -> bool:
        return code in self._features

    def features(self, code: str) -> Features:
        """As they were put. Raises KeyError."""
        kept = self._features[code]
        rows, matrix = (self._needs, self._asked) if kept.need is not None else (self._offers, self._answered)
        return replace(kept, weights=matrix.row(rows.slot(code)))

    def slot(self, code: str) -> int:
        """Where a product stands in the arrays of ``ranks_of``. Raises KeyError."""
        return self._offers.slot(code)

    def matches_of(self, code: str, top: int | None = None) -> list[Match]:
        """Every product for a scenario, or every scenario for a product, the best first; only those that share
        something, at most ``top``."""
        features = self.features(code)
        pairs = self._offers_for(features, top) if features.need is not None else self._needs_for(features, top)
        found = [self._match(need, offer, numbers) for need, offer, numbers in pairs]
        found.sort(key=lambda match: (match.has_unmet_must, -match.rank, match.scenario, match.product))
        return found[:top]

    def ranks_of(self, need: Features) -> tuple[Floats, NDArray[np.bool_]]:
        """For every product's slot its rank, and whether a confirmed must is not met; shapes (slots,)."""
        base = self._bases(need)
        slots = np.flatnonzero(base >= WEIGHTS.least_base)
        ranks, below = np.zeros(len(base)), np.zeros(len(base), np.bool_)
        ranks[slots], below[slots] = self._weighed(need, base[slots], slots)
        return ranks, below

    def _bases(self, need: Features) -> Floats:
        sums = self._answered.product(need.weights, self._offers.capacity)
        return np.maximum(sums / (need.own or 1.0), 0.0)

    def _weighed(self, need: Features, base: Floats, slots: Slots) -> tuple[Floats, NDArray[np.bool_]]:
        """The ranks of these slots, whose words are worth ``base``, and whether a confirmed must is not met."""
        requirements, unmet = np.zeros(len(slots)), np.zeros(len(slots))
        below = np.zeros(len(slots), np.bool_)
        for line in need.requirements:
            codes, close = self._measures.verdicts(line, slots)
            weight = weight_of(line)
            requirements += (weight * WORTH)[codes]
            requirements[close] += weight * WEIGHTS.close
            fails = codes == UNMET
            unmet += weight * fails
            if line.necessity is Necessity.MUST and not need.is_read:
                below |= fails
        requirements *= share_of_lines(len(need.requirements))
        by_hand = self._sides.by_hand(slots) & need.wants_autonomy
        fit = self._sides.fit(need, slots) / FITS
        return rank_of(base, requirements, unmet, by_hand, fit), below

    def _offers_for(self, need: Features, top: int | None) -> list[tuple[Features, Features, PairNumbers]]:
        base = self._bases(need)
        slots = np.flatnonzero((base >= WEIGHTS.least_base) & self._sides.allowed(need, len(base)))
        if top is not None:
            slots = self._within_reach(need, base, slots, top)
        ranks, below = self._weighed(need, base[slots], slots)
        chosen = best_places(ranks, ~below, top)
        if top is None or len(chosen) < top:
            chosen = np.concatenate([chosen, best_places(ranks, below, top)])
        offers = [self.features(self._offers.code(int(slot))) for slot in slots[chosen]]
        return [(need, offer, pair_numbers(need, offer)) for offer in offers]

    def _within_reach(self, need: Features, base: Floats, slots: Slots, top: int) -> Slots:
        """Those of the slots that can be among the ``top``: the rank of those with the best words is computed, and
        no product whose words are worth so little that it would stay below these even if it met every line is
        looked at further."""
        first = max(FIRST_LOOK, 4 * top)
        if len(slots) <= first:
            return slots
        own = base[slots]
        leading = np.argpartition(own, len(own) - first)[len(own) - first :]
        ranks, below = self._weighed(need, own[leading], slots[leading])
        ranks = ranks[~below]
        if len(ranks) < top:
            return slots
        line = np.partition(ranks, len(ranks) - top)[len(ranks) - top]
        within: Slots = slots[most_of(need, own) >= line]
        return within

    def _needs_for(self, offer: Features, top: int | None) -> list[tuple[Features, Features, PairNumbers]]:
        sums = self._asked.product(offer.weights, self._needs.capacity)
        found: list[tuple[float, Features, PairNumbers]] = []
        bounded = []
        for slot in np.flatnonzero(sums > 0).tolist():
            need = self._features[self._needs.code(slot)]
            base = float(sums[slot]) / (need.own or 1.0)
            bounded.append((float(most_of(need, np.array([base]))[0]), need))
        bounded.sort(key=lambda pair: (-pair[0], pair[1].code))
        for bound, known in bounded:
            is_full = top is not None and len(found) >= top
            if is_full and bound < nlargest(top or 0, (rank for rank, _, _ in found))[-1]:
                break
            if is_same_organization(known, offer):
                continue
            need = self.features(known.code)
            numbers = pair_numbers(need, offer)
            if numbers.base >= WEIGHTS.least_base:
                # Those below the step are kept, but do not fill the list.
                found.append((numbers.rank - UNMET_MUST_STEP * numbers.has_unmet_must, need, numbers))
        return [(need, offer, numbers) for _, need, numbers in found]

    def _match(self, need: Features, offer: Features, numbers: PairNumbers) -> Match:
        enough = says_enough(need) and says_enough(offer)
        return Match(
            scenario=need.code,
            product=offer.code,
            score=score_of(numbers.rank) if enough else None,
            rank=round(numbers.rank, 6),
            has_unmet_must=numbers.has_unmet_must,
            reasons=reasons_of(need, offer, numbers, self.taxonomy, has_enough=enough),
        )
