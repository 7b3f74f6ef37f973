"""The meaning of a query over the hits that OpenSearch finds by words: the order and the additions of the embedded
index (``by_meaning.py``), over vectors that this process holds.

The best WINDOW hits under the filters are put in order by meaning, too; the embedded index takes the best of all and
filters then, so behind narrow filters a few more hits are in that order here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from scenario_hall.language.text import Language
from scenario_hall.search.engine.by_meaning import LEAST, MOST, WEIGHT, WINDOWED, is_exact, merged
from scenario_hall.search.engine.index import SearchHit, Sort
from scenario_hall.search.engine.opensearch.asking import Asker, any_of, shown, total_of
from scenario_hall.search.engine.opensearch.wording import RECORDS, Query, map_terms
from scenario_hall.search.engine.plan import helpful_terms, needed_terms
from scenario_hall.search.engine.scoring import WeightedTerm
from scenario_hall.search.engine.vector_store import Closeness
from scenario_hall.search.query import ParsedQuery

# What a term gives at most changes slowly: asked again after so long. Of a long query so many terms stand for all.
KEPT_SECONDS, MOST_KEPT, MOST_ASKED = 600.0, 20_000, 120


@dataclass(frozen=True)
class Near:
    """Records that mean something close: by code, whether they are in another language than the query."""

    across: dict[str, bool]

    def query(self) -> Query:
        """Found by any of them, without a score."""
        return {"constant_score": {"filter": self.filter(), "boost": 0.0}}

    def filter(self) -> Query:
        return {"terms": {"code": sorted(self.across)}}

    def unfound(self, found: Query, without: Sequence[Query], filters: Sequence[Query]) -> dict[str, Any]:
        """The question for those that the words do not find."""
        query = {"bool": {"filter": [self.filter(), *filters], "must_not": [found, *without]}}
        return {"query": query, "size": len(self.across), "track_total_hits": False, **shown(Sort.NEWEST)}


def near_to(closeness: Closeness, parsed: ParsedQuery, language: Language) -> Near:
    """None where the query names something exactly."""
    if is_exact(parsed):
        return Near({})
    return Near(
        {code: across for across in (False, True) for code in closeness.closest(MOST, LEAST, language, across=across)}
    )


def in_order(
    by_words: Sequence[dict[str, Any]],
    unfound: Sequence[dict[str, Any]],
    near: Near,
    closeness: Closeness,
    *,
    perfect: float,
    window: int,
    is_widened: bool,
) -> list[SearchHit]:
    """The hits as they are shown: what is in the query's language, and between it what is in another. ``by_words``
    begins with the best; ``perfect`` is what a record would have that answered every word best."""
    extra = {hit["_id"] for hit in unfound}
    words = [hit for hit in by_words if hit["_id"] not in extra]
    best = float(words[0]["_score"]) if words else 0.0
    rows: list[tuple[float, float, str, SearchHit]] = []
    for place, hit in enumerate(words):
        score = float(hit["_score"])
        if best > 0:
            score /= max(best, perfect)
            if place < window:
                score += WINDOWED + WEIGHT * closeness.of(hit["_id"])
        rows.append((-score, -float(hit["sort"][-2]), hit["_id"], _hit(hit, score, by_meaning=False)))
    across: list[SearchHit] = []
    for hit in unfound:
        score = WINDOWED + WEIGHT * closeness.of(hit["_id"])
        if near.across[hit["_id"]]:
            across.append(_hit(hit, score, by_meaning=True))
        else:
            rows.append((-score, -float(hit["sort"][-2]), hit["_id"], _hit(hit, score, by_meaning=True)))
    own = [row[-1] for row in sorted(rows, key=lambda row: row[:3])]
    across.sort(key=lambda hit: -hit.score)
    everything = [*own, *across]
    order = merged(range(len(own)), range(len(own), len(everything)), is_poor=is_widened)
    return [everything[place] for place in order.tolist()]


class PerfectScores:
    """What a record would have that answered every word of a query best (``scoring.Scorer.perfect_score``), of figures
    that are kept for some minutes."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._kept: dict[tuple[str, str], tuple[float, float]] = {}

    def of(self, parsed: ParsedQuery) -> float:
        """Raises Unavailable."""
        asked = list(dict.fromkeys([*needed_terms(parsed.clauses), *helpful_terms(parsed.clauses)]))
        if not asked:
            return 0.0
        terms = asked[:MOST_ASKED]
        most = self._most(terms)
        by_text: dict[str, list[tuple[float, float]]] = {}
        for term in terms:
            by_text.setdefault(term.text, []).append((most[term.field, term.text] * term.boost, term.boost))
        nowhere = log(most["", ""] + 1.0) + 1.0
        told = sum(
            sum(score for score, _ in found) or nowhere * max(boost for _, boost in found) for found in by_text.values()
        )
        return told * len(asked) / len(terms)

    def _most(self, terms: Sequence[WeightedTerm]) -> dict[tuple[str, str], float]:
        """The highest score that each term gives by itself, and under no name how many records there are."""
        moment = time.monotonic()
        wanted = [("", ""), *((term.field, term.text) for term in terms)]
        unknown = [key for key in dict.fromkeys(wanted) if self._kept.get(key, (0.0, 0.0))[1] <= moment]
        if unknown:
            answers = self._asker.ask_all([_best_of(*key) for key in unknown])
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            for (name, text), answer in zip(unknown, answers, strict=True):
                found = float(answer["hits"]["max_score"] or 0.0) if name else float(total_of(answer))
                self._kept[name, text] = found, moment + KEPT_SECONDS
        return {key: self._kept[key][0] for key in wanted}


def _best_of(name: str, text: str) -> dict[str, Any]:
    if not name:
        return any_of(RECORDS) | {"track_total_hits": True}
    (query,) = map_terms([WeightedTerm(name, text)])
    return {"query": query, "size": 1, "track_total_hits": False, "_source": False}


def _hit(told: dict[str, Any], score: float, *, by_meaning: bool) -> SearchHit:
    return SearchHit(told["_id"], told["fields"]["kind"][0], score, by_meaning)
