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
from scenario_hall.matching.engine.explanation import Reasons
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.meanings import NeedMeanings, OfferMeanings
from scenario_hall.matching.engine.measures import Measures
from scenario_hall.matching.engine.pairing import (
    EPSILON,
    FITS,
    MOST_MEANING,
    MOST_MEANING_ACROSS,
    WEIGHTS,
    Floats,
    PairNumbers,
    is_same_organization,
    meaning_worth,
    min_base_for,
    most_of,
    most_of_line,
    most_of_lines,
    pair_numbers,
    rank_of,
    says_enough,
    score_of,
    share_of_lines,
    weight_of,
)
from scenario_hall.matching.engine.reasons import NEAR_MISS, reasons_of
from scenario_hall.matching.engine.side_conditions import OfferConditions
from scenario_hall.matching.engine.vectors import (
    PRECISION,
    QueryTerms,
    Rows,
    Slots,
    Sums,
    TermMatrix,
    Terms,
    best_places,
    highest,
)
from scenario_hall.quantities.verdicts import UNMET
from scenario_hall.taxonomy.taxonomy import Taxonomy

# By verdict code: unknown, unmet, near, met.
WORTH = np.array([0.0, 0.0, WEIGHTS.near, WEIGHTS.met])
KEPT = np.array([1.0, WEIGHTS.unmet, 1.0, 1.0])
# A pair whose scenario has a confirmed must that is not met stands below every pair without one.
UNMET_MUST_STEP = 10.0
# So many products with the best words are ranked first, to know what the others would have to reach.
FIRST_LOOK = 200


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

    @property
    def is_worth_keeping(self) -> bool:
        """Enough to go on, and over the line or so near it that a few changes would lift it."""
        return self.score is not None and self.score >= NEAR_MISS


@dataclass(frozen=True)
class _Weighed:
    """Some products' slots and what their ranks are made of; shapes (slots,). ``below``: has an unmet must;
    ``open``: what the lines that were not yet looked at give at most."""

    slots: Slots
    base: Floats
    requirements: Floats
    kept: Floats
    fit: Floats
    below: NDArray[np.bool_]
    open: Floats

    @property
    def ranks(self) -> Floats:
        return np.asarray(rank_of(self.base, self.requirements, self.kept, self.fit))

    def reaching(self, line: float) -> _Weighed:
        """Those without an unmet must that can still come to the line."""
        most = rank_of(self.base, self.requirements + self.open, self.kept, self.fit)
        reach = np.flatnonzero((most + EPSILON >= line) & ~self.below)
        return _Weighed(
            self.slots[reach],
            self.base[reach],
            self.requirements[reach],
            self.kept[reach],
            self.fit[reach],
            self.below[reach],
            self.open[reach],
        )


class Matcher:
    """Scenarios and products in memory, following the records; ``put`` and ``remove`` keep it up to date."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._features: dict[str, Features] = {}
        self._needs, self._offers = Rows(), Rows()
        terms = Terms()
        self._asked, self._answered = TermMatrix(terms), TermMatrix(terms)
        self._measures = Measures()
        self._conditions = OfferConditions()
        self._need_meanings, self._offer_meanings = NeedMeanings(), OfferMeanings()

    def put(self, features: Features) -> None:
        """Add or replace a scenario or a product."""
        # The weights stay in the matrix alone: of a hundred thousand records they are most of the memory.
        meaning = features.meaning
        if features.need is not None:
            self._features[features.code] = replace(features, weights={})
            slot = self._needs.put(features.code)
            self._asked.put(slot, features.weights)
            self._need_meanings.put(slot, meaning)
        else:
            self._features[features.code] = replace(features, weights={}, meaning=None)
            slot = self._offers.put(features.code)
            self._offer_meanings.put(slot, meaning)
            self._answered.put(slot, features.weights)
            self._measures.put(slot, features.specifications)
            self._conditions.put(slot, features)

    def put_all(self, many: Iterable[Features]) -> None:
        for features in many:
            self.put(features)

    def remove(self, code: str) -> None:
        if self._features.pop(code, None) is None:
            return
        if (slot := self._needs.remove(code)) is not None:
            self._asked.drop(slot)
            self._need_meanings.drop(slot)
        if (slot := self._offers.remove(code)) is not None:
            self._answered.drop(slot)
            self._measures.drop(slot)
            self._conditions.drop(slot)
            self._offer_meanings.drop(slot)

    def __contains__(self, code: str) -> bool:
        return code in self._features

    def features(self, code: str) -> Features:
        """As they were put. Raises KeyError."""
        kept = self._features[code]
        rows, matrix = (self._needs, self._asked) if kept.need is not None else (self._offers, self._answered)
        slot = rows.slot(code)
        meaning = kept.meaning if kept.need is not None else self._offer_meanings.of(slot)
        return replace(kept, weights=matrix.row(slot), meaning=meaning)

    def known(self, code: str) -> Features:
        """The same without its words and vectors, which cost time to gather. Raises KeyError."""
        return self._features[code]

    def has_meaning(self, code: str) -> bool:
        """Were vectors put with it? Raises KeyError."""
        kept = self._features[code]
        if kept.need is not None:
            return kept.meaning is not None
        return self._offer_meanings.of(self._offers.slot(code)) is not None

    def slot(self, code: str) -> int:
        """Where a product stands in the arrays of ``ranks_of``. Raises KeyError."""
        return self._offers.slot(code)

    def matches_of(self, code: str, top: int | None = None) -> list[Match]:
        """Every product for a scenario, or every scenario for a product, the best first; only those that share
        something, at most ``top``."""
        known = self._features[code]
        pairs = self._offers_for(known, top) if known.need is not None else self._needs_for(self.features(code), top)
        found = [self._match(need, offer, numbers) for need, offer, numbers in pairs]
        found.sort(key=lambda match: (match.has_unmet_must, -match.rank, match.scenario, match.product))
        return found[:top]

    def alike(self, asked: Features, least: float) -> list[tuple[str, float]]:
        """The products whose words and tags answer at least this share of those that are ``asked``, with the share
        (0–1), the most alike first."""
        bases = self._words(asked)
        slots = np.flatnonzero(bases >= least * (1 - PRECISION)).tolist()
        found = [(self._offers.code(slot), min(1.0, round(float(bases[slot]), 4))) for slot in slots]
        return sorted(((code, share) for code, share in found if share >= least), key=lambda pair: (-pair[1], pair[0]))

    def ranks_of(self, need: Features) -> tuple[Floats, NDArray[np.bool_]]:
        """For every product's slot its rank, and whether a confirmed must is not met; shapes (slots,)."""
        words = self._words(need)
        ranks, below = np.zeros(len(words)), np.zeros(len(words), np.bool_)
        weighed = self._weighed(need, words, np.arange(len(words)))
        ranks[weighed.slots], below[weighed.slots] = weighed.ranks, weighed.below
        return ranks, below

    def _words(self, need: Features, terms: QueryTerms | None = None) -> Sums:
        bases = self._answered.product(terms or self._answered.query(need.weights), self._offers.capacity)
        bases /= np.float32(need.perfect_score or 1.0)
        # What a product denies counts against what it says, never against what it means.
        return np.maximum(bases, 0, out=bases)

    def _meaning(self, need: Features, slots: Slots) -> Floats:
        """What closeness in meaning adds to the bases of these slots, which ascend."""
        if need.meaning is None:
            return np.zeros(len(slots))
        across = self._offer_meanings.across(need.meaning, slots)
        return np.asarray(meaning_worth(self._offer_meanings.scores(need.meaning, slots), across))

    def _most_meaning(self, need: Features, slots: Slots) -> Floats | float:
        """The most that it can add to each of them."""
        if need.meaning is None:
            return 0.0
        return np.where(self._offer_meanings.across(need.meaning, slots), MOST_MEANING_ACROSS, MOST_MEANING)

    def _weighed(self, need: Features, words: Sums, slots: Slots, line: float | None = None) -> _Weighed:
        """The ranks of those of these slots that share enough, whose words are worth ``words``. With a ``line``, what
        cannot come to it is left out as soon as that shows, and so is what has an unmet must."""
        base = words[slots].astype(np.float64)
        share = share_of_lines(len(need.requirements))
        still_open = np.zeros(len(slots))
        if line is not None:
            stated = self._measures.stated(slots)
            for requirement in need.requirements:
                still_open += share * most_of_line(requirement) * (stated & self._measures.bits(requirement) != 0)
            # Vectors cost more than requirements: each may mean as much as can be until only few are left.
            base += self._most_meaning(need, slots)
            can = np.flatnonzero(most_of(base, still_open) >= line)
            slots, base, still_open = slots[can], base[can], still_open[can]
        else:
            base += self._meaning(need, slots)
            enough = np.flatnonzero(base >= WEIGHTS.min_base * (1 - PRECISION))
            slots, base, still_open = slots[enough], base[enough], still_open[enough]
        fit = self._conditions.fit(need, slots) / FITS
        kept = (
            np.where(self._conditions.by_hand(slots), WEIGHTS.by_hand, 1.0)
            if need.wants_autonomy
            else np.ones(len(slots))
        )
        weighed = _Weighed(slots, base, np.zeros(len(slots)), kept, fit, np.zeros(len(slots), np.bool_), still_open)
        if line is not None:
            weighed = weighed.reaching(line)
        for requirement in need.requirements:
            weight = weight_of(requirement)
            codes, close = self._measures.verdicts(requirement, weighed.slots)
            weighed.requirements[:] += (share * weight * WORTH).take(codes)
            weighed.requirements[:] += (share * weight * WEIGHTS.close) * close
            weighed.kept[:] *= (KEPT**weight).take(codes)
            if requirement.necessity is Necessity.MUST and not need.is_read:
                weighed.below[:] |= codes == UNMET
            if line is not None and len(weighed.slots) > FIRST_LOOK:
                stated = self._measures.stated(weighed.slots)
                weighed.open[:] -= share * most_of_line(requirement) * (stated & self._measures.bits(requirement) != 0)
                weighed = weighed.reaching(line)
        if line is not None and need.meaning is not None:
            left = weighed.slots
            weighed = replace(weighed, base=words[left].astype(np.float64) + self._meaning(need, left)).reaching(line)
        return weighed

    def _offers_for(self, need: Features, top: int | None) -> list[tuple[Features, Features, PairNumbers]]:
        terms = self._asked.row_as_query(self._needs.slot(need.code))
        words = self._words(need, terms)
        line = self._line(need, words, top) if top is not None else None
        least = WEIGHTS.min_base if line is None else min_base_for(line, most_of_lines(need))
        least = max(least, WEIGHTS.min_base) * (1 - PRECISION)
        slots = np.flatnonzero(words >= least - self._most_meaning(need, np.arange(len(words))))
        slots = slots[self._conditions.allowed(need, slots)]
        weighed = self._weighed(need, words, slots, line)
        chosen = best_places(weighed.ranks, ~weighed.below, top)
        if top is None or len(chosen) < top:
            chosen = np.concatenate([chosen, best_places(weighed.ranks, weighed.below, top)])
        found = weighed.slots[chosen].tolist()
        # What both have is all that makes the number and its reasons.
        parts = self._answered.parts(found, terms)
        offers = [
            replace(self._features[self._offers.code(slot)], meaning=self._offer_meanings.of(slot)) for slot in found
        ]
        pairs = [(need, offer, pair_numbers(need, offer, shared)) for offer, shared in zip(offers, parts, strict=True)]
        return [pair for pair in pairs if pair[2].base >= WEIGHTS.min_base]

    def _line(self, need: Features, words: Sums, top: int) -> float | None:
        """A rank that at least ``top`` products have whose musts are not unmet: that of the last of these among those
        with the best words. None where there are too few to say."""
        first = max(FIRST_LOOK, 4 * top)
        if len(words) <= first:
            return None
        # Of one in so many the same share: it need not be the exact number, and costs less.
        sample = words[:: max(1, first // 8)]
        floor = highest(sample, max(1, first * len(sample) // len(words)))
        slots = np.flatnonzero(words >= max(floor, WEIGHTS.min_base))
        slots = slots[self._conditions.allowed(need, slots)]
        if len(slots) > first:
            slots = slots[words[slots] >= highest(words[slots], first)]
        weighed = self._weighed(need, words, slots)
        ranks = weighed.ranks[~weighed.below]
        return highest(ranks, top) * (1 - PRECISION) if len(ranks) >= top else None

    def _needs_for(self, offer: Features, top: int | None) -> list[tuple[Features, Features, PairNumbers]]:
        sums = self._asked.product(self._asked.query(offer.weights), self._needs.capacity).astype(np.float64)
        worths = np.zeros(len(sums))
        if offer.meaning is not None:
            worths = np.asarray(meaning_worth(*self._need_meanings.scores(offer.meaning, len(sums))))
        found: list[tuple[float, Features, PairNumbers]] = []
        bounded = []
        for slot in np.flatnonzero((sums > 0) | (worths >= WEIGHTS.min_base)).tolist():
            need = self._features[self._needs.code(slot)]
            base = (1 + PRECISION) * max(0.0, float(sums[slot])) / (need.perfect_score or 1.0) + float(worths[slot])
            bounded.append((float(most_of(base, most_of_lines(need))), need))
        bounded.sort(key=lambda pair: (-pair[0], pair[1].code))
        for bound, known in bounded:
            is_full = top is not None and len(found) >= top
            if is_full and bound < nlargest(top or 0, (rank for rank, _, _ in found))[-1]:
                break
            if is_same_organization(known, offer):
                continue
            need = self.features(known.code)
            numbers = pair_numbers(need, offer)
            if numbers.base >= WEIGHTS.min_base:
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
