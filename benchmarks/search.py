"""Search and matching side by side: this engine, stock Whoosh, SQLite FTS5 and tantivy, on one corpus in one run.

All engines get the same words (cut by our pipeline) in two fields, title counting three times. Run as
``python -m benchmarks.search [--json] [SIZE …]``; the sizes are 1,000, 10,000 and 100,000 documents by default.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import query, sorting
from whoosh.index import open_dir
from whoosh.searching import Searcher

from benchmarks.corpus import NOW, documents, queries, vocabulary
from benchmarks.rivals import Fts5, Tantivy
from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.matching.engine.features import Features, Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.search.engine.columns import Selection
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.schema import SCHEMA
from scenario_hall.search.engine.scoring import WeightedTerm, best
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

SIZES = (1_000, 10_000, 100_000)
BOOSTS = (("title", 3.0), ("body", 1.0))
FACETS = ("domain", "region", "status")
QUERIES, SLOW_QUERIES, COMMITS = 60, 8, 20
Row = dict[str, float]


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:] if each.isdigit()] or list(SIZES)
    results = {size: measure(size) for size in sizes}
    if "--json" in sys.argv:
        print(json.dumps(results, ensure_ascii=False))
        return
    for size, rows in results.items():
        print(f"\n{size:,} documents")
        for name, row in rows.items():
            print(f"  {name:<70}" + "".join(f"{key} {value:>10,.2f}   " for key, value in row.items()))


def measure(size: int) -> dict[str, Row]:
    """Every row of one size."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = list(documents(size))
        index = WhooshIndex(Path(folder) / "ours")
        begun = time.perf_counter()
        index.rebuild(corpus, 1)
        seconds = time.perf_counter() - begun
        rows: dict[str, Row] = {
            f"full rebuild, {os.cpu_count()} cores": {"per_second": size / seconds, "seconds": seconds}
        }

        def add(name: str, row: Row) -> None:
            # Told at once on standard error, since the whole takes minutes.
            told = "".join(f"{key} {value:>10,.2f}   " for key, value in row.items())
            print(f"  {size:>7,} {name:<68}{told}", file=sys.stderr, flush=True)
            rows[name] = row

        searcher = open_dir(str(index.store.folder(index.view().commit)), schema=SCHEMA).searcher()
        rivals = {"SQLite FTS5": Fts5(Path(folder), corpus), "tantivy": Tantivy(Path(folder) / "tantivy", corpus)}
        asked, domains = queries(QUERIES, 1, 4), corpus[0].domains + corpus[2].domains + corpus[4].domains
        wanted = SearchQuery(kind="scenario", domains=tuple(dict.fromkeys(domains)), facets=FACETS)

        label = "1-4 words, OR, top 10, 2 filters, 3 facets: "
        cold = partial(engine_search, index, wanted)
        add(label + "this engine, cold terms", timed(asked, cold, before=index.cache.clear))
        for words in asked:
            engine_search(index, wanted, words)
        add(label + "this engine, warm", timed(asked, cold))
        add(label + "the hall's whole search", warm(asked, partial(hall_search, index, wanted)))
        add(label + "stock Whoosh", timed(asked[:SLOW_QUERIES], partial(whoosh_search, searcher, wanted)))
        for name, rival in rivals.items():
            add(label + name, warm(asked, partial(rival.search, wanted=wanted)))

        many = queries(QUERIES, 40, 80, seed=7)
        label = "one scenario's weighted terms (40-80): "
        add(label + "this engine, warm", warm(many, partial(engine_terms, index)))
        add(label + "stock Whoosh", timed(many[:3], partial(whoosh_terms, searcher)))
        for name, rival in rivals.items():
            add(label + name, warm(many[:SLOW_QUERIES], rival.terms))
        add("full match, all features, top 20 explained", full_match(size))
        add("one changed record: commit and search", changed_record(index, corpus))
        add("search while 10,000 documents are rebuilt", while_rebuilding(index, wanted, asked))
        add("web process with this index warm", {"megabytes": memory(Path(folder) / "ours", asked)})
    return rows


def timed(items: Sequence[Any], run: Callable[[Any], object], before: Callable[[], object] = lambda: None) -> Row:
    """p50 and p95 milliseconds of one call each."""
    times = []
    for item in items:
        before()
        begun = time.perf_counter()
        run(item)
        times.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": statistics.median(times), "p95_ms": float(np.percentile(times, 95))}


def warm(items: Sequence[Any], run: Callable[[Any], object]) -> Row:
    for item in items:
        run(item)
    return timed(items, run)


def terms_of(words: Iterable[str]) -> list[WeightedTerm]:
    return [WeightedTerm(field, word, boost) for word in words for field, boost in BOOSTS]


def engine_search(index: WhooshIndex, wanted: SearchQuery, words: Sequence[str]) -> list[tuple[str, str]]:
    view = index.view()
    places, scores = view.scorer.score(terms_of(words))
    selection = Selection(view.columns, places, wanted, NOW, None)
    passing = selection.passing()
    kept, kept_scores = places[passing], scores[passing]
    selection.facets(wanted.facets)
    return view.named(kept[view.ranked(kept, kept_scores, wanted.sort, 10)])


def hall_search(index: WhooshIndex, wanted: SearchQuery, words: Sequence[str]) -> object:
    return index.search(replace(wanted, text=" ".join(words)), NOW)


def whoosh_search(searcher: Searcher, wanted: SearchQuery, words: Sequence[str]) -> list[Any]:
    asked = query.Or([query.Term(term.field, term.text, boost=term.boost) for term in terms_of(words)])
    kept = query.And(
        [
            query.Term("facets", f"kind:{wanted.kind}"),
            query.Or([query.Term("facets", f"domain:{each}") for each in wanted.domains]),
        ]
    )
    counted = sorting.FieldFacet("facets", allow_overlap=True, maptype=sorting.Count)
    found = searcher.search(asked, limit=10, filter=kept, groupedby={"all": counted})
    found.groups("all")
    return [hit.docnum for hit in found]


def engine_terms(index: WhooshIndex, words: Sequence[str]) -> object:
    places, scores = index.view().scorer.score(WeightedTerm("body", word, 1 + n % 3) for n, word in enumerate(words))
    return places[best(places, scores, lambda near: [near], 20)]


def whoosh_terms(searcher: Searcher, words: Sequence[str]) -> list[Any]:
    # Whoosh skips blocks that cannot reach the top; asked for all, as the matcher does, it scores every posting.
    asked = query.Or([query.Term("body", word, boost=1 + n % 3) for n, word in enumerate(words)])
    return list(searcher.search(asked, limit=None).top_n[:20])


def full_match(size: int) -> Row:
    """A scenario with requirements, region and budget against ``size`` products."""
    matcher = Matcher(TAXONOMY)
    with get_context("fork").Pool() as pool:
        matcher.put_all(pool.imap_unordered(offer_features, documents(size, "product"), chunksize=200))
    needs = [need_features(number, words) for number, words in enumerate(queries(QUERIES, 40, 80, seed=7))]
    matcher.put_all(needs)
    return warm([need.code for need in needs], lambda code: matcher.matches_of(code, top=20))


TAXONOMY = Taxonomy(load_shipped_tags())
METRICS = (("续航时间", "分钟", 60.0), ("载重", "kg", 10.0), ("定位精度", "cm", 5.0), ("抗风能力", "级", 6.0))


def offer_features(document: IndexDocument) -> Features:
    number = int(document.code.rsplit("-", 1)[1])
    lines = tuple(
        Specification(metric=metric, value=usual * (0.5 + (number * 7 + place) % 20 / 10), unit=unit)
        for place, (metric, unit, usual) in enumerate(METRICS)
        if (number + place) % 3
    )
    return features_of_offer(
        Offer(
            code=document.code,
            title=document.title,
            text=document.body,
            specifications=lines,
            domains=document.domains,
            tags=document.tags,
            regions_served=document.region,
            price_low=document.budget_low,
            readiness_level=document.readiness,
            certificates_in_force=number % 2,
        ),
        TAXONOMY,
    )


def need_features(number: int, words: Sequence[str]) -> Features:
    lines = tuple(
        Requirement(
            metric=metric,
            comparison=Comparison.AT_MOST if unit == "cm" else Comparison.AT_LEAST,
            value=usual,
            unit=unit,
        )
        for metric, unit, usual in METRICS
    )
    return features_of_need(
        Need(
            code=f"S-2026-{number:06d}",
            title="".join(words[:4]),
            situation=",".join(words[4:]),
            requirements=lines,
            tags=("uav-inspection",),
            domains=("low-altitude",),
            region=REGIONS[3].code,
            budget_high=1e6,
        ),
        TAXONOMY,
    )


def changed_record(index: WhooshIndex, corpus: Sequence[IndexDocument]) -> Row:
    def change(number: int) -> None:
        changed = replace(corpus[number * 7 % len(corpus)], title=f"改动第{number}次的题目")
        index.apply([changed], [], number + 2)
        index.search(SearchQuery(text="改动"), NOW)

    return timed(range(COMMITS), change)


def while_rebuilding(index: WhooshIndex, wanted: SearchQuery, asked: Sequence[Sequence[str]]) -> Row:
    """The hall's search, while another process rebuilds an index of 10,000 documents beside it."""
    script = (
        "import sys; from pathlib import Path; from benchmarks.corpus import documents;"
        "from scenario_hall.search.engine.whoosh_index import WhooshIndex;"
        "WhooshIndex(Path(sys.argv[1])).rebuild(documents(10_000), 9)"
    )
    with tempfile.TemporaryDirectory() as beside:
        rebuilding = subprocess.Popen([sys.executable, "-c", script, beside])
        times = []
        while rebuilding.poll() is None:
            times.append(timed(asked[:20], partial(hall_search, index, wanted)))
    return {name: statistics.median(row[name] for row in times) for name in ("p50_ms", "p95_ms")}


def memory(folder: Path, asked: Sequence[Sequence[str]]) -> float:
    """Megabytes of a process with the whole application and this index, after all the queries."""
    script = (
        "import json, sys, psutil; from scenario_hall.app import create_app; from scenario_hall.config import load_settings;"
        "from scenario_hall.search.engine.index import SearchQuery; from benchmarks.corpus import NOW;"
        "app = create_app(load_settings()); index = app.extensions['hall_index'];"
        "[index.search(SearchQuery(text=' '.join(words)), NOW) for words in json.load(sys.stdin)];"
        "print(psutil.Process().memory_info().rss / 2**20)"
    )
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "HALL_ENVIRONMENT": "development",
            "HALL_DATA_DIR": data,
            "HALL_DATABASE_URL": f"sqlite:///{data}/hall.sqlite",
            "HALL_SEARCH_INDEX": str(folder),
        }
        queries_of_all = json.dumps([*asked, *([word] for word in vocabulary()[50:2_000])])
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=queries_of_all,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
