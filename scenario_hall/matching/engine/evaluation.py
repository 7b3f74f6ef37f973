"""Measures the matcher on graded pairs, beside plain baselines in the same run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from whoosh import fields, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage

from scenario_hall.language.text import Language, language_of, register_terms, words
from scenario_hall.matching.engine.closeness import encode_reference, meaning_of, standard_score
from scenario_hall.matching.engine.features import Features, Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.matching.engine.parts import parts_of
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.meaning.vectors import pack
from scenario_hall.taxonomy.regions import find_regions
from scenario_hall.taxonomy.taxonomy import Taxonomy

RESAMPLES = 1000
Ranker = Callable[[Need], list[str]]
Grades = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Judged:
    """Scenarios, products and graded pairs (3 squarely answers, 2 useful, 1 same field only; others 0)."""

    needs: Sequence[Need]
    offers: Sequence[Offer]
    grades: Grades


def read_judged(
    scenarios: Sequence[Mapping[str, Any]],
    products: Sequence[Mapping[str, Any]],
    pairs: Sequence[Mapping[str, Any]],
    taxonomy: Taxonomy,
) -> Judged:
    """The lists as they are read from JSON Lines (id, title, text, optional domains, tags, region)."""

    def slugs(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
        return tuple(found for value in row.get(name) or () if (found := taxonomy.find(str(value))) is not None)

    def region(row: Mapping[str, Any]) -> str:
        found = find_regions(str(row.get("region") or ""))
        return found[0].code if found else ""

    grades: dict[str, dict[str, int]] = {}
    for pair in pairs:
        grades.setdefault(str(pair["scenario"]), {})[str(pair["product"])] = int(pair["grade"])
    return Judged(
        needs=[
            Need(
                code=str(row["id"]),
                title=row["title"],
                situation=row.get("text", ""),
                domains=slugs(row, "domains"),
                tags=slugs(row, "tags"),
                region=region(row),
            )
            for row in scenarios
        ],
        offers=[
            Offer(
                code=str(row["id"]),
                title=row["title"],
                text=row.get("text", ""),
                domains=slugs(row, "domains"),
                tags=slugs(row, "tags"),
            )
            for row in products
        ],
        grades=grades,
    )


def evaluate_match(judged: Judged, taxonomy: Taxonomy, encoder: Encoder | None = None) -> dict[str, Any]:
    """Every metric for the matcher and for each baseline, with bootstrap intervals and the ten worst scenarios. With an
    encoder the matcher is measured by words alone and by meaning alone, too."""
    register_terms(taxonomy.terms())
    needs = [features_of_need(need, taxonomy) for need in judged.needs]
    offers = [features_of_offer(offer, taxonomy) for offer in judged.offers]
    rankers = {"words": _matcher_of(needs, offers, taxonomy)}
    if encoder is not None:
        needs, offers = _with_meaning(needs, offers, encoder)
        rankers = {"hall": _matcher_of(needs, offers, taxonomy), **rankers, "meaning": _meaning_ranker(needs, offers)}
    else:
        rankers = {"hall": rankers["words"]}
    rankers |= {"whoosh_bm25": _whoosh_ranker(judged.offers), "tags": _tag_ranker(judged.offers, taxonomy)}
    results = {name: _measure(rank, judged) for name, rank in rankers.items()}
    hall = results.pop("hall")
    parts = {name: results.pop(name) for name in ("words", "meaning") if name in results}
    return {"hall": hall, "parts": parts, "baselines": results}


def _matcher_of(needs: Sequence[Features], offers: Sequence[Features], taxonomy: Taxonomy) -> Ranker:
    matcher = Matcher(taxonomy)
    matcher.put_all(offers)
    matcher.put_all(needs)
    return lambda need: [match.product for match in matcher.matches_of(need.code, top=50)]


def _with_meaning(
    needs: Sequence[Features], offers: Sequence[Features], encoder: Encoder
) -> tuple[list[Features], list[Features]]:
    reference = encode_reference(encoder)

    def encoded(features: Features) -> Features:
        parts = parts_of(features)
        vectors = pack(encoder.encode([part.text for part in parts]))
        return replace(features, meaning=meaning_of(parts[0].text, vectors, reference))

    return [encoded(each) for each in needs], [encoded(each) for each in offers]


def _meaning_ranker(needs: Sequence[Features], offers: Sequence[Features]) -> Ranker:
    """By the standard score of closeness alone."""
    by_code = {need.code: need.meaning for need in needs}

    def rank(need: Need) -> list[str]:
        asked = by_code[need.code]
        scores = [
            (standard_score(asked, offer.meaning), offer.code)
            for offer in offers
            if asked is not None and offer.meaning is not None
        ]
        return [code for _, code in sorted(scores, key=lambda pair: (-pair[0], pair[1]))[:50]]

    return rank


def _measure(rank: Ranker, judged: Judged) -> dict[str, Any]:
    rows: list[tuple[str, float, float, float, float]] = []
    times: list[float] = []
    kinds: dict[str, list[float]] = {}
    condensed: list[float] = []
    languages = {offer.code: language_of(f"{offer.title}\n{offer.text}") for offer in judged.offers}
    for need in judged.needs:
        # What is no longer offered cannot be found.
        graded = {code: grade for code, grade in judged.grades.get(need.code, {}).items() if code in languages}
        begun = time.perf_counter()
        ranking = rank(need)
        times.append((time.perf_counter() - begun) * 1000)
        rows.append((need.code, *_metrics(ranking, graded)))
        condensed.append(_metrics([code for code in ranking if code in graded], graded)[0])
        own = language_of(f"{need.title}\n{need.situation}")
        for product, grade in graded.items():
            if grade >= 2:
                name = "same language" if languages[product] is own else "across languages"
                kinds.setdefault(name, []).append(float(product in ranking[:20]))
        kinds.setdefault(_length_of(need), []).append(rows[-1][1])
        kinds.setdefault(f"asked in {own}", []).append(rows[-1][1])
    values = np.array([row[1:] for row in rows])
    names = ("ndcg@10", "recall@20", "precision@5", "mrr")
    worst = sorted(rows, key=lambda row: (row[1], row[0]))[:10]
    return {
        **{name: round(float(value), 4) for name, value in zip(names, values.mean(axis=0), strict=True)},
        "intervals": {name: _interval(values[:, place]) for place, name in enumerate(names)},
        # Of rankings without what nobody judged (Sakai, 2007): fairer where only the first places were ever judged.
        "judged_only": round(float(np.mean(condensed)), 4),
        "by_kind": {name: round(float(np.mean(found)), 4) for name, found in sorted(kinds.items())},
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "worst": [{"scenario": row[0], "ndcg@10": round(row[1], 3)} for row in worst],
    }


def _length_of(need: Need) -> str:
    """Short, middle or long, in letters of the size of Chinese ones."""
    text = f"{need.title}{need.situation}"
    length = len(text) if language_of(text) is Language.CHINESE else len(text) / 3
    return "short texts" if length < 150 else "middle texts" if length < 400 else "long texts"


def _metrics(ranking: Sequence[str], graded: Mapping[str, int]) -> tuple[float, float, float, float]:
    """nDCG@10 (gain 2^grade − 1), recall@20 and precision@5 and MRR of grades 2 and 3."""
    gains = [2 ** graded.get(code, 0) - 1 for code in ranking[:10]]
    ideal = sorted((2**grade - 1 for grade in graded.values()), reverse=True)[:10]
    best = sum(gain / math.log2(place + 2) for place, gain in enumerate(ideal))
    ndcg = sum(gain / math.log2(place + 2) for place, gain in enumerate(gains)) / best if best else 1.0
    useful = {code for code, grade in graded.items() if grade >= 2}
    recall = len(useful & set(ranking[:20])) / len(useful) if useful else 1.0
    precision = len(useful & set(ranking[:5])) / 5
    first = next((place for place, code in enumerate(ranking, start=1) if code in useful), None)
    return ndcg, recall, precision, 1 / first if first else 0.0


def _interval(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """The 95 % bootstrap interval of the mean."""
    generator = np.random.default_rng(2026)
    means = generator.choice(values, size=(RESAMPLES, len(values))).mean(axis=1)
    return [round(float(bound), 4) for bound in np.percentile(means, (2.5, 97.5))]


def _whoosh_ranker(offers: Sequence[Offer]) -> Ranker:
    """Stock Whoosh BM25F over the words of title and text."""
    schema = fields.Schema(code=fields.ID(stored=True), text=fields.TEXT(analyzer=SpaceSeparatedTokenizer()))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for offer in offers:
        writer.add_document(code=offer.code, text=" ".join(words(f"{offer.title}\n{offer.text}")))
    writer.commit()
    searcher = index.searcher()

    def rank(need: Need) -> list[str]:
        asked = dict.fromkeys(words(f"{need.title}\n{need.situation}"))
        results = searcher.search(query.Or([query.Term("text", word) for word in asked]), limit=50)
        return [str(hit["code"]) for hit in results]

    return rank


def _tag_ranker(offers: Sequence[Offer], taxonomy: Taxonomy) -> Ranker:
    """How many tags the two texts share, and nothing else."""
    tagged = [(offer.code, _tags(features_of_offer(offer, taxonomy))) for offer in offers]

    def rank(need: Need) -> list[str]:
        own = _tags(features_of_need(need, taxonomy))
        counts = [(len(own & tags), code) for code, tags in tagged]
        return [code for count, code in sorted(counts, key=lambda pair: (-pair[0], pair[1])) if count][:50]

    return rank


def _tags(features: Features) -> set[str]:
    return set(features.concepts)
