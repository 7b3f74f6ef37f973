"""The index in OpenSearch, for halls of several machines: the same contract as the embedded one (``index.py``)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scenario_hall.core.errors import StaleCursor
from scenario_hall.core.search_servers import SearchServers
from scenario_hall.language.text import language_of
from scenario_hall.search.engine.by_meaning import WINDOW
from scenario_hall.search.engine.index import MAX_PAGE_SIZE, IndexDocument, SearchHit, SearchQuery, SearchResult, Sort
from scenario_hall.search.engine.opensearch.asking import MISSING, Asker, any_of, question, total_of
from scenario_hall.search.engine.opensearch.connection import Answer, Connection, Refused
from scenario_hall.search.engine.opensearch.generations import Generations
from scenario_hall.search.engine.opensearch.meanings import PerfectScores, in_order, near_to
from scenario_hall.search.engine.opensearch.narrowing import facets_told, filters_of
from scenario_hall.search.engine.opensearch.wording import RECORDS, Query, Wording, either, wording
from scenario_hall.search.engine.plan import positive_words
from scenario_hall.search.engine.vector_store import Closeness, VectorStore
from scenario_hall.search.query import ParsedQuery, parse


@dataclass(frozen=True)
class _Asked:
    """One search, read."""

    text: str
    parsed: ParsedQuery
    query: SearchQuery
    words: Wording
    filters: dict[str, Query]
    now: datetime
    first: int
    size: int

    def question(self, found: Query, *, first: int, size: int) -> dict[str, Any]:
        return question(found, self.words.without, self.query, self.filters, self.now, first=first, size=size)


@dataclass(frozen=True)
class _Found:
    """One page of hits, and the answer that counts all of them."""

    hits: Sequence[SearchHit]
    answer: Answer
    is_widened: bool


class OpenSearchIndex:
    """See ``index.SearchIndex``. Every process of every machine may read and write."""

    def __init__(self, servers: SearchServers) -> None:
        self.vectors = VectorStore()
        self._connection = Connection(servers)
        self._generations = Generations(self._connection, servers.name, servers.shards)
        self._asker = Asker(self._connection, self._generations.alias, servers.shards)
        self._perfect = PerfectScores(self._asker)

    def position(self) -> int:
        found = self._generations.cursor()
        return found.position if found is not None else 0

    def rules(self) -> str:
        found = self._generations.cursor()
        return found.rules if found is not None else ""

    def count(self) -> int:
        try:
            found = self._connection.read("POST", f"/{self._generations.alias}/_count", {"query": RECORDS})
        except Refused as error:
            if error.status == MISSING:
                return 0
            raise
        return int(found["count"])

    def apply(
        self,
        documents: Sequence[IndexDocument],
        removed: Sequence[str],
        position: int,
        *,
        after: int | None = None,
        rules: str = "",
    ) -> None:
        before = self._generations.cursor()
        if before is None:
            self.rebuild((), 0)
            before = self._generations.cursor()
        if before is None or (after is not None and before.position != after):
            raise StaleCursor(f"the index stands at {before.position if before is not None else 0}, not at {after}")
        if documents or removed:
            self._generations.put(documents, removed, position)
            self._generations.make_visible()
        # Last, and only by who still has it: what was put in before may come again and is the same then.
        self._generations.move_cursor(before, position, before.rules or rules)

    def rebuild(self, documents: Iterable[IndexDocument], position: int, *, rules: str = "") -> int:
        return self._generations.build(documents, position, rules)

    def search(self, query: SearchQuery, now: datetime) -> SearchResult:
        begun = time.perf_counter()
        parsed = parse(query.text)
        narrowed = parsed.narrowed(query)
        size = max(1, min(query.page_size, MAX_PAGE_SIZE))
        asked = _Asked(
            text=query.text,
            parsed=parsed,
            query=narrowed,
            words=wording(parsed, narrowed.synonyms),
            filters=filters_of(narrowed, now),
            now=now,
            first=(max(1, query.page) - 1) * size,
            size=size,
        )
        closeness = self.vectors.closeness(query.vector) if query.vector is not None and parsed.clauses else None
        if closeness is not None and narrowed.sort is Sort.RELEVANCE:
            found = self._by_meaning(asked, closeness)
        else:
            found = self._by_words(asked)
        return SearchResult(
            hits=tuple(found.hits),
            total=total_of(found.answer),
            facets=facets_told(narrowed.facets, found.answer.get("aggregations", {})),
            milliseconds=(time.perf_counter() - begun) * 1000,
            words=positive_words(parsed.clauses),
            is_widened=found.is_widened,
        )

    def _by_words(self, asked: _Asked) -> _Found:
        words, is_widened = asked.words, False
        answer = self._asker.ask(asked.question(words.found, first=asked.first, size=asked.size))
        if not total_of(answer) and words.has_words and not self._asker.finds(words.found):
            answer = self._asker.ask(asked.question(words.weak, first=asked.first, size=asked.size))
            is_widened = bool(total_of(answer)) or self._asker.finds(words.weak)
        hits = [SearchHit(hit["_id"], hit["fields"]["kind"][0], float(hit["_score"])) for hit in answer["hits"]["hits"]]
        return _Found(hits, answer, is_widened)

    def _by_meaning(self, asked: _Asked, closeness: Closeness) -> _Found:
        words, is_widened = asked.words, False
        near = near_to(closeness, asked.parsed, language_of(asked.text))

        def ask(found: Query) -> list[Answer]:
            reach = max(WINDOW, asked.first + asked.size)
            union = either([found, near.query()]) if near.across else found
            filters = list(asked.filters.values())
            return self._asker.ask_all(
                [
                    asked.question(union, first=0, size=reach),
                    near.unfound(found, words.without, filters),
                    any_of(found),
                ]
            )

        answer, unfound, anything = ask(words.found)
        if words.has_words and not total_of(anything):
            answer, unfound, anything = ask(words.weak)
            is_widened = bool(total_of(anything))
        hits = in_order(
            answer["hits"]["hits"],
            unfound["hits"]["hits"],
            near,
            closeness,
            perfect=self._perfect.of(asked.parsed),
            window=WINDOW,
            is_widened=is_widened,
        )
        return _Found(hits[asked.first : asked.first + asked.size], answer, is_widened)
