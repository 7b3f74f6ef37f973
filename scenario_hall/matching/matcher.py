"""One scenario against every product, exactly, and one product against every scenario, with the same number.

    score = words (BM25 of the scenario's weighted terms on the product's)  +  tags (shared concepts, rarity, what
            stands above them)  +  requirements (met, near, unmet; unknown counts nothing)  +  fit (region, budget, …)

Every part is a vector over all candidates. The weights stand in one place; ``evaluate match`` measures them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scenario_hall.core.values import Necessity
from scenario_hall.matching.explanation import Fit, JudgedLine, Reasons
from scenario_hall.matching.features import Features
from scenario_hall.matching.requirements import Verdict, judge
from scenario_hall.matching.vectors import Floats, SparseRows, sum_by_row
from scenario_hall.taxonomy.taxonomy import TagKind, Taxonomy

RULES_VERSION = "2026.1"
K1, B = 1.2, 0.6
# Rarity is counted as if so many more records without the word existed: a hall with ten records has no statistics.
UNSEEN_RECORDS = 200


@dataclass(frozen=True)
class Weights:
    """How much each part counts, and where the lines are drawn."""

    words: float = 0.62
    tags: float = 0.30
    requirements: float = 0.18
    fit: float = 0.05
    unmet_should: float = 0.06
    half_words: float = 0.16  # the share of its own terms that gives a scenario's words half their weight
    # Below this many different terms, or without any concept and few terms, a record says too little to be scored.
    enough_terms: int = 5
    qualifies: int = 35


WEIGHTS = Weights()


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
        self._words = {"need": SparseRows(), "offer": SparseRows()}
        self._concepts = {"need": SparseRows(), "offer": SparseRows()}

    def put(self, features: Features) -> None:
        """Add or replace a scenario or a product."""
        side = "need" if features.need is not None else "offer"
        self._features[features.code] = features
        self._words[side].put(features.code, features.terms, features.length)
        self._concepts[side].put(features.code, features.concepts)

    def put_all(self, many: Iterable[Features]) -> None:
        for features in many:
            self.put(features)

    def remove(self, code: str) -> None:
        if self._features.pop(code, None) is not None:
            for rows in (*self._words.values(), *self._concepts.values()):
                rows.remove(code)

    def __contains__(self, code: str) -> bool:
        return code in self._features

    def matches_of(self, code: str, top: int | None = None) -> list[Match]:
        """Every product for a scenario, or every scenario for a product, the best first; only those that share
        something, at most ``top``."""
        features = self._features[code]
        side = "offer" if features.need is not None else "need"
        rows = self._words[side]
        if not len(rows):
            return []
        words = self._word_scores(features, side)
        tags = self._tag_scores(features, side)
        base = WEIGHTS.words * words + WEIGHTS.tags * tags
        order = np.argsort(-base, kind="stable")
        order = order[base[order] > 0.05]
        # Requirements and fit move a pair by a known most; the rest of the list cannot reach the top any more.
        if top is not None and len(order) > top:
            reach = WEIGHTS.requirements + WEIGHTS.fit
            floor = base[order[top - 1]] - 2 * reach
            order = order[base[order] >= floor]
        found = []
        for number in order:
            other = self._features[rows.codes[number]]
            need, offer = (features, other) if features.need is not None else (other, features)
            if _same_organization(need, offer):
                continue
            found.append(self._match(need, offer, float(words[number]), float(tags[number])))
        found.sort(key=lambda match: (match.has_unmet_must, -match.rank, match.scenario, match.product))
        return found[:top]

    def _match(self, need: Features, offer: Features, words: float, tags: float) -> Match:
        lines = tuple(JudgedLine.of(judge(line, offer.specifications)) for line in need.requirements)
        requirements = _requirement_part(lines)
        fits = _fits(need, offer)
        fit = sum({Verdict.MET: 1.0, Verdict.NEAR: 0.3}.get(each.verdict, 0.0) for each in fits) / 3
        unmet_shoulds = sum(
            line.verdict is Verdict.UNMET and line.requirement.necessity is Necessity.SHOULD for line in lines
        )
        rank = (
            WEIGHTS.words * words
            + WEIGHTS.tags * tags
            + WEIGHTS.requirements * requirements * min(1.0, 2 * (words + tags))
            + WEIGHTS.fit * fit * min(1.0, 2 * (words + tags))
            - WEIGHTS.unmet_should * unmet_shoulds
        )
        has_unmet_must = any(
            line.verdict is Verdict.UNMET and line.requirement.necessity is Necessity.MUST for line in lines
        )
        enough = _says_enough(need) and _says_enough(offer)
        return Match(
            scenario=need.code,
            product=offer.code,
            score=max(0, min(100, round(100 * rank))) if enough else None,
            rank=round(rank, 6),
            has_unmet_must=has_unmet_must,
            reasons=Reasons(
                shared_tags=self._shared_tags(need, offer),
                words=self._shared_words(need, offer),
                lines=lines,
                fits=fits,
                missing_tags=self._missing_tags(need, offer),
                parts={
                    "words": round(words, 3), "tags": round(tags, 3), "requirements": round(requirements, 3),
                    "fit": round(fit, 3),
                },
                has_enough=enough,
            ),
        )  # fmt: skip

    def _idf(self, terms: Iterable[str]) -> dict[str, float]:
        """Rarity over scenarios and products together, so that a pair has one number from either side."""
        needs, offers = self._words["need"], self._words["offer"]
        return _rarity(terms, needs, offers)

    def _word_scores(self, features: Features, side: str) -> Floats:
        """BM25 from the scenario's terms to the products', shape (candidates,), scaled to 0–1: how much of what the
        scenario says, weighted by rarity, the product answers."""
        rows = self._words[side]
        ids, counts, numbers = rows.entries()
        average = self._average_length()
        if features.need is not None:
            idf = self._idf(features.terms)
            asked = {term: _saturated(count, 1.0) * idf[term] for term, count in features.terms.items()}
            norm = K1 * (1 - B + B * rows.lengths / average)
            weights = rows.dense({term: value * idf[term] for term, value in asked.items()})
            parts = weights[ids] * counts * (K1 + 1) / (counts + norm[numbers])
            own = sum(value * idf[term] for term, value in asked.items())
            share = sum_by_row(parts, numbers, len(rows)) / max(own, 1e-9)
        else:
            idf_all = self._rarity_array(rows)
            own_norm = K1 * (1 - B + B * features.length / average)
            answered = rows.dense(
                {term: count * (K1 + 1) / (count + own_norm) for term, count in features.terms.items()}
            )
            asked_all = counts * 2.0 / (counts + 1.0) * idf_all[ids] ** 2
            own_all = sum_by_row(asked_all, numbers, len(rows))
            share = sum_by_row(asked_all * answered[ids], numbers, len(rows)) / np.maximum(own_all, 1e-9)
        return np.asarray(share / (share + WEIGHTS.half_words))

    def _tag_scores(self, features: Features, side: str) -> Floats:
        """Shared concepts weighted by rarity, 0–1: a generalised cosine over both sides' concepts."""
        rows = self._concepts[side]
        ids, values, numbers = rows.entries()
        idf = _rarity(features.concepts, self._concepts["need"], self._concepts["offer"])
        own = {slug: weight * idf[slug] for slug, weight in features.concepts.items()}
        idf_all = self._rarity_array(rows, concepts=True)
        weighted = values * idf_all[ids]
        dots = sum_by_row(rows.dense(own)[ids] * weighted, numbers, len(rows))
        norms = np.sqrt(sum_by_row(weighted**2, numbers, len(rows)))
        length = float(np.sqrt(sum(value**2 for value in own.values())))
        return np.asarray(dots / np.maximum(norms * length, 1e-9))

    def _rarity_array(self, rows: SparseRows, *, concepts: bool = False) -> Floats:
        family = self._concepts if concepts else self._words
        terms = rows.terms()
        idf = _rarity(terms, family["need"], family["offer"])
        return np.fromiter((idf[term] for term in terms), np.float64, len(terms))

    def _average_length(self) -> float:
        lengths = np.concatenate([self._words["need"].lengths, self._words["offer"].lengths])
        return float(lengths.mean()) if len(lengths) else 1.0

    def _shared_words(self, need: Features, offer: Features) -> tuple[tuple[str, float], ...]:
        shared = [term for term in need.terms if term in offer.terms and not term.startswith("~")]
        idf = self._idf(shared)
        weights = {term: _saturated(need.terms[term], 1.0) * idf[term] ** 2 for term in shared}
        total = sum(weights.values()) or 1.0
        # 无人机 says it; 无人 and 人机 beside it would say it thrice.
        whole = {
            term: weight
            for term, weight in weights.items()
            if not any(term != each and term in each for each in weights)
        }
        ranked = sorted(whole.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((term, round(weight / total, 3)) for term, weight in ranked[:10])

    def _shared_tags(self, need: Features, offer: Features) -> tuple[str, ...]:
        shared = [slug for slug in need.concepts if slug in offer.concepts]
        covered = {above for slug in shared for above in self.taxonomy.ancestors(slug)}
        return tuple(
            sorted(
                (slug for slug in shared if slug not in covered),
                key=lambda slug: (-need.concepts[slug] * offer.concepts[slug], slug),
            )
        )

    def _missing_tags(self, need: Features, offer: Features) -> tuple[str, ...]:
        technologies = (
            slug
            for slug, weight in need.concepts.items()
            if weight >= 0.7 and slug not in offer.concepts and self.taxonomy.get(slug).kind is TagKind.TECHNOLOGY
        )
        return tuple(sorted(technologies))


def _rarity(terms: Iterable[str], needs: SparseRows, offers: SparseRows) -> dict[str, float]:
    total = len(needs) + len(offers) + UNSEEN_RECORDS
    found = {}
    for term in terms:
        frequency = needs.frequency(term) + offers.frequency(term)
        found[term] = float(np.log(1 + (total - frequency + 0.5) / (frequency + 0.5)))
    return found


def _saturated(count: float, half: float) -> float:
    return 2.0 * count / (count + half)


def _requirement_part(lines: tuple[JudgedLine, ...]) -> float:
    """−1 to 1 over the lines that something is known of, shrunk where few are; 0 when nothing is known."""
    worth = {Verdict.MET: 1.0, Verdict.NEAR: 0.4, Verdict.UNMET: -1.0}
    known = [
        (worth[line.verdict], 1.0 if line.requirement.necessity is Necessity.MUST else 0.5)
        for line in lines
        if line.verdict in worth
    ]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / (total + 1.0) if known else 0.0


def _fits(need: Features, offer: Features) -> tuple[Fit, ...]:
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
    return tuple(fits)


def _says_enough(features: Features) -> bool:
    own = [term for term in features.terms if not term.startswith("~")]
    return len(own) >= WEIGHTS.enough_terms or (bool(features.concepts) and len(own) >= 2)


def _same_organization(need: Features, offer: Features) -> bool:
    one = need.need.organization_id if need.need else None
    other = offer.offer.organization_id if offer.offer else None
    return one is not None and one == other
