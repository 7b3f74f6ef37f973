"""OpenSearch ranks as the embedded engine does: the same records, the same counts, nearly always the same first hit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import eq
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.corpus import NOW, documents, queries
from scenario_hall.config import ROOT
from scenario_hall.language.text import Language, register_terms
from scenario_hall.meaning.vectors import pack
from scenario_hall.search.engine.index import SearchIndex, SearchQuery, SearchResult, Sort
from scenario_hall.search.engine.opensearch.connection import Connection
from scenario_hall.search.engine.opensearch.opensearch_index import OpenSearchIndex
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.evaluation import _document
from scenario_hall.search.questions import titles_as_questions
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags
from tests.opensearch import SharedOpenSearch

DOCUMENTS = 400
# Lengths are rounded otherwise, so records of nearly the same score may change places: within so much of the best.
NEARLY = 0.97
# Of the judged questions so many have the same first hit, and so much is lost of MRR and recall at most.
SAME_FIRST, MOST_LOST = 0.97, 0.01
JUDGED = sorted((ROOT / "tests/matching/engine/data").glob("judged-*"))


@dataclass(frozen=True)
class Pair:
    embedded: SearchIndex
    remote: SearchIndex

    def ask(self, asked: SearchQuery) -> tuple[SearchResult, SearchResult]:
        return self.embedded.search(asked, NOW), self.remote.search(asked, NOW)


@pytest.fixture(scope="module", params=[1, 3], ids=["one shard", "three shards"])
def pair(
    request: pytest.FixtureRequest, opensearch: SharedOpenSearch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    servers = opensearch.servers(shards=request.param)
    made = Pair(WhooshIndex(tmp_path_factory.mktemp("index")), OpenSearchIndex(servers))
    generator = np.random.default_rng(1)
    vectors = pack(generator.normal(size=(DOCUMENTS, 16)).astype(np.float32))
    for index in (made.embedded, made.remote):
        index.rebuild(documents(DOCUMENTS), 1)
        for number, each in enumerate(documents(DOCUMENTS)):
            language = Language.ENGLISH if number % 3 else Language.CHINESE
            index.vectors.put(each.code, language, vectors[number], number)
    yield made
    Connection(servers).write("DELETE", f"/{servers.name}-*")


def texts(count: int) -> Sequence[str]:
    return ["".join(asked) for asked in queries(count, 1, 4)]


def test_the_same_records_counts_and_first_hits(pair: Pair) -> None:
    for text in texts(60):
        one, other = pair.ask(
            SearchQuery(text=text, include_closed=True, synonyms=("巡检", "UAV"), page_size=DOCUMENTS)
        )
        assert (one.total, one.facets, one.words, one.is_widened) == (
            other.total,
            other.facets,
            other.words,
            other.is_widened,
        )
        scores, others = ({hit.code: hit.score for hit in result.hits} for result in (one, other))
        assert others == pytest.approx(scores, rel=0.05)
        assert scores[other.hits[0].code] >= NEARLY * one.hits[0].score


def test_judged_questions_are_answered_as_well(opensearch: SharedOpenSearch, tmp_path: Path) -> None:
    """The titles of the scenarios of every judged set, asked over the products of all of them."""
    register_terms(Taxonomy(load_shipped_tags()).terms())
    products, asked = [], []
    for folder in JUDGED:
        scenarios, offers, pairs = (_rows(folder / f"{name}.jsonl") for name in ("scenarios", "products", "pairs"))
        products += [{**row, "id": f"{folder.name} {row['id']}"} for row in offers]
        for question in titles_as_questions(scenarios, pairs):
            asked.append({**question, "relevant": [f"{folder.name} {each}" for each in question["relevant"]]})
    servers = opensearch.servers()
    firsts: dict[str, list[str]] = {"embedded": [], "remote": []}
    figures = {}
    for name, index in (("embedded", WhooshIndex(tmp_path)), ("remote", OpenSearchIndex(servers))):
        rows = [{"title": row["title"], "text": row["text"]} for row in products]
        index.rebuild((_document(number, row, NOW) for number, row in enumerate(rows)), 1)
        places: list[float] = []
        found = 0.0
        for question in asked:
            hits = index.search(
                SearchQuery(text=question["text"], include_closed=True, facets=(), page_size=50), NOW
            ).hits
            codes = [products[int(hit.code)]["id"] for hit in hits]
            firsts[name].append(codes[0] if codes else "")
            places.append(
                max((1 / (codes.index(each) + 1) for each in question["relevant"] if each in codes), default=0)
            )
            found += len(set(codes[:10]) & set(question["relevant"])) / len(question["relevant"])
        figures[name] = sum(places) / len(asked), found / len(asked)
    same = sum(map(eq, firsts["embedded"], firsts["remote"])) / len(asked)
    print(f"{len(asked)} judged questions: same first hit {same:.4f}; MRR, recall@10: {figures}")
    Connection(servers).write("DELETE", f"/{servers.name}-*")
    assert same >= SAME_FIRST
    assert all(
        remote >= embedded - MOST_LOST for remote, embedded in zip(figures["remote"], figures["embedded"], strict=True)
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


FILTERS: list[dict[str, object]] = [
    {"kind": "scenario"},
    {"domains": ("low-altitude", "marine")},
    {"regions": (REGIONS[0].code, REGIONS[3].code), "kind": "product"},
    {"tags": ("uav-inspection",)},
    {"states": ("released", "expired")},
    {"include_closed": True, "budget_min": 1e5, "budget_max": 1e6},
    {"readiness_min": 6},
    {"deadline_after": NOW, "posted_until": NOW},
]


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.DEADLINE, Sort.BUDGET])
def test_every_filter_and_order_is_the_same_to_the_last_place(pair: Pair, sort: Sort) -> None:
    for text in ("", texts(1)[0]):
        for filters in FILTERS:
            for page in (1, 2):
                asked = replace(SearchQuery(text=text, sort=sort, page=page), **filters)  # type: ignore[arg-type]
                one, other = pair.ask(asked)
                assert [hit.code for hit in one.hits] == [hit.code for hit in other.hits], asked
                assert (one.total, one.facets) == (other.total, other.facets), asked


@pytest.mark.parametrize("form", ['"{}"', "-{} {}", "title:{}", "{} NOT {}", '"{}" OR "{}"', "{}？", "什么是{}"])
def test_phrases_exclusions_and_fields_find_the_same(pair: Pair, form: str) -> None:
    drawn = texts(12)
    for text, other_text in zip(drawn[::2], drawn[1::2], strict=True):
        one, other = pair.ask(SearchQuery(text=form.format(text, other_text), include_closed=True))
        assert (one.total, one.facets) == (other.total, other.facets), text


def test_meaning_orders_and_adds_as_in_the_embedded_index(pair: Pair) -> None:
    generator = np.random.default_rng(2)
    same = 0
    asked = texts(20)
    for text in asked:
        vector = pack(generator.normal(size=(1, 16)).astype(np.float32))
        one, other = pair.ask(SearchQuery(text=text, include_closed=True, vector=vector, page_size=1000))
        assert (one.total, one.facets) == (other.total, other.facets)
        assert {(hit.code, hit.is_by_meaning) for hit in one.hits} == {
            (hit.code, hit.is_by_meaning) for hit in other.hits
        }
        same += one.hits[0].code == other.hits[0].code
        pages = [
            pair.remote.search(SearchQuery(text=text, include_closed=True, vector=vector, page=page), NOW)
            for page in (1, 2)
        ]
        assert [hit.code for page in pages for hit in page.hits] == [hit.code for hit in other.hits[:20]]
    assert same >= 0.9 * len(asked)
