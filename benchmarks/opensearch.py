"""The search through OpenSearch, one node on this machine, on the corpus of ``benchmarks.search``.

Run as ``python -m benchmarks.opensearch [SIZE] [--heap 2g] [--shards 1]``: how long a rebuild takes, then 1–4 words with two
filters and three facets, as a page asks them, and one document more until it is found.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.corpus import NOW, documents, queries
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.opensearch.connection import Connection
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from tools.opensearch.packages import opensearch_packages
from tools.opensearch.server import Node

FACETS = ("domain", "region", "status")
QUERIES, ROUNDS, COMMITS = 200, 3, 20


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m benchmarks.opensearch", description=__doc__)
    reader.add_argument("size", nargs="?", type=int, default=100_000)
    reader.add_argument("--heap", default="1g")
    reader.add_argument("--shards", type=int, default=1)
    given = reader.parse_args()
    packages = opensearch_packages()
    if packages is None:
        raise SystemExit("OpenSearch is not installed: run `make programs`")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        node = Node(packages, Path(folder) / "n1", heap=given.heap, is_quick=False)
        node.start()
        try:
            node.wait()
            measure(SearchServers((("127.0.0.1", node.http),), "bench", shards=given.shards), given.size)
        finally:
            node.stop()


def measure(servers: SearchServers, size: int) -> None:
    """Print a line for each figure."""
    index = OpenSearchIndex(servers)
    begun = time.perf_counter()
    index.rebuild(documents(size), 1)
    took = time.perf_counter() - begun
    stored = Connection(servers).read("GET", f"/{servers.name}-*/_stats/store")["_all"]["primaries"]["store"]
    print(f"{size:,} documents: rebuilt in {took:,.0f} s, {stored['size_in_bytes'] / 1e6:,.0f} MB on disk")
    asked = ["".join(words) for words in queries(QUERIES, 1, 4)]
    plain = SearchQuery(facets=FACETS)
    narrowed = replace(plain, regions=("440300", "810000"), budget_max=1e6)
    for name, query in (
        ("words and three facets", plain),
        ("with two filters", narrowed),
        ("all facets", SearchQuery()),
    ):
        times = []
        for _ in range(ROUNDS):
            for text in asked:
                begun = time.perf_counter()
                index.search(replace(query, text=text), NOW)
                times.append((time.perf_counter() - begun) * 1000)
        warm = sorted(times[len(asked) :])
        print(f"{name}: p50 {statistics.median(warm):.1f} ms, p95 {warm[int(0.95 * len(warm))]:.1f} ms")
    more = list(documents(COMMITS))
    times = []
    for number, document in enumerate(more):
        begun = time.perf_counter()
        index.apply([document], [], 2 + number, after=1 + number)
        times.append((time.perf_counter() - begun) * 1000)
    print(f"one document until it is found: p50 {statistics.median(times):.0f} ms")


if __name__ == "__main__":
    main()
