"""Measures the search on questions with known answers, beside stock Whoosh in the same run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser, OrGroup

from scenario_hall.core.clock import now
from scenario_hall.language.text import Language, language_of
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.meaning.vectors import Packed, pack
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.vector_store import VectorStore
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.questions import in_both_scripts
from scenario_hall.search.vectors import MOST_CHARACTERS, query_vector

Ranker = Callable[[str], list[str]]
DEPTH = 50
REPETITIONS = 3


def evaluate_search(
    documents: Sequence[Mapping[str, Any]],
    queries: Sequence[Mapping[str, Any]],
    make_index: Callable[[Path], WhooshIndex],
    encoder: Encoder | None = None,
) -> dict[str, Any]:
    """MRR, recall@1, recall@10 and milliseconds for the hall's search (a private index of ``documents``: id, title,
    text) and for stock Whoosh with its default analyser. ``queries``: id, text, relevant (ids). ``same@10`` and
    ``across@10``: the share of relevant documents in the question's language, and in another, that are among the first
    ten. ``simplified`` and ``traditional``: MRR of the Chinese questions in either script. With an encoder the hall is
    measured by words alone and by meaning alone, too."""
    with tempfile.TemporaryDirectory() as folder:
        index = make_index(Path(folder))
        # Of one moment, so that ties are broken by the documents' order in every run.
        posted = now()
        index.rebuild((_document(number, row, posted) for number, row in enumerate(documents)), 1)
        ids = [str(row["id"]) for row in documents]

        def by_words(text: str) -> list[str]:
            return hall(text, None)

        def both(text: str) -> list[str]:
            return hall(text, query_vector(encoder, text))

        def by_meaning(text: str) -> list[str]:
            vector = query_vector(encoder, text)
            closeness = index.vectors.closeness(vector) if vector is not None else None
            return [ids[int(code)] for code in closeness.ranking(DEPTH)] if closeness is not None else []

        def hall(text: str, vector: Packed | None) -> list[str]:
            asked = SearchQuery(text=text, include_closed=True, page_size=DEPTH, facets=(), vector=vector)
            return [ids[int(hit.code)] for hit in index.search(asked, now()).hits]

        rankers: dict[str, Ranker] = {"hall": by_words}
        if encoder is not None:
            _encode(documents, index.vectors, encoder)
            rankers = {"hall": both, "words": by_words, "meaning": by_meaning}
        rankers["whoosh"] = _stock_whoosh(documents)
        languages = {str(row["id"]): language_of(f"{row.get('title')}\n{row.get('text')}") for row in documents}
        results = {name: _measure(rank, queries, languages) for name, rank in rankers.items()}
        hall_result, whoosh = results.pop("hall"), results.pop("whoosh")
        return {"hall": hall_result, "parts": results, "baselines": {"whoosh": whoosh}}


def _encode(documents: Sequence[Mapping[str, Any]], store: VectorStore, encoder: Encoder) -> None:
    texts = [f"{row.get('title') or ''}\n{row.get('text') or ''}".strip()[:MOST_CHARACTERS] for row in documents]
    vectors = pack(encoder.encode(texts))
    for number, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
        store.put(f"{number:06}", language_of(text), vector, number)


def _document(number: int, row: Mapping[str, Any], posted: datetime) -> IndexDocument:
    return IndexDocument(
        kind="scenario",
        code=f"{number:06}",
        title=str(row.get("title") or ""),
        summary="",
        body=str(row.get("text") or ""),
        organization="",
        tags=(),
        domains=(),
        region=(),
        state="released",
        open=True,
        budget_low=None,
        budget_high=None,
        readiness=None,
        deadline=None,
        posted=posted,
        tag_words="",
    )


def _stock_whoosh(documents: Sequence[Mapping[str, Any]]) -> Ranker:
    index = RamStorage().create_index(fields.Schema(id=fields.ID(stored=True), title=fields.TEXT, text=fields.TEXT))
    writer = index.writer()
    for row in documents:
        writer.add_document(id=str(row["id"]), title=str(row.get("title") or ""), text=str(row.get("text") or ""))
    writer.commit()
    searcher = index.searcher()
    parser = MultifieldParser(["title", "text"], index.schema, group=OrGroup)

    def rank(text: str) -> list[str]:
        return [str(hit["id"]) for hit in searcher.search(parser.parse(text), limit=DEPTH)]

    return rank


def _measure(rank: Ranker, queries: Sequence[Mapping[str, Any]], languages: Mapping[str, Language]) -> dict[str, float]:
    """Times are of the second and later askings of each query (warm), ranks of the first."""
    ranks: list[int | None] = []
    by_script: list[tuple[float, float]] = []
    found_at_10: list[float] = []
    by_kind: dict[str, list[float]] = {"same": [], "across": []}
    times: list[float] = []
    for asked in queries:
        relevant = {str(each) for each in asked["relevant"]}
        ranking = rank(str(asked["text"]))
        ranks.append(_first_place(ranking, relevant))
        if (scripts := in_both_scripts(str(asked["text"]))) is not None:
            simplified, traditional = (_reciprocal(_first_place(rank(text), relevant)) for text in scripts)
            by_script.append((simplified, traditional))
        found_at_10.append(len(relevant & set(ranking[:10])) / len(relevant) if relevant else 1.0)
        own = language_of(str(asked["text"]))
        for each in relevant & languages.keys():
            by_kind["same" if languages[each] is own else "across"].append(float(each in ranking[:10]))
        for _ in range(REPETITIONS - 1):
            begun = time.perf_counter()
            rank(str(asked["text"]))
            times.append((time.perf_counter() - begun) * 1000)
    scripts_mean = np.mean(by_script, axis=0).tolist() if by_script else [0.0, 0.0]
    return {
        "mrr": round(float(np.mean([_reciprocal(place) for place in ranks])), 4),
        "recall@1": round(float(np.mean([place == 1 for place in ranks])), 4),
        "recall@10": round(float(np.mean(found_at_10)), 4),
        **{f"{kind}@10": round(float(np.mean(found)), 4) if found else 1.0 for kind, found in by_kind.items()},
        **{name: round(mrr, 4) for name, mrr in zip(("simplified", "traditional"), scripts_mean, strict=True)},
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
    }


def _first_place(ranking: Sequence[str], relevant: set[str]) -> int | None:
    return next((place for place, each in enumerate(ranking, start=1) if each in relevant), None)


def _reciprocal(place: int | None) -> float:
    return 1 / place if place else 0.0
