"""Questions to the current index: one, or several in one call; whole answers or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from scenario_hall.core.errors import Unavailable
from scenario_hall.core.texts import N_
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.search.engine.opensearch.connection import Answer, Connection, Refused, is_passing
from scenario_hall.search.engine.opensearch.mapping import DEEPEST
from scenario_hall.search.engine.opensearch.narrowing import facets_asked
from scenario_hall.search.engine.opensearch.wording import Query

MISSING = 404
# The servers give up what takes longer; the connection waits a little longer than they do.
SEARCH_TIME = "2500ms"
NOTHING_FOUND: Answer = {"hits": {"total": {"value": 0}, "hits": [], "max_score": None}}
_ORDERS: dict[Sort, list[dict[str, Any]]] = {
    Sort.RELEVANCE: [{"_score": "desc"}],
    Sort.NEWEST: [],
    Sort.DEADLINE: [{"deadline": {"order": "asc", "missing": "_last"}}],
    Sort.BUDGET: [{"budget_high": {"order": "desc", "missing": "_last"}}],
}
_TIES: list[dict[str, Any]] = [{"posted": "desc"}, {"code": "asc"}]


class Asker:
    """Asks the index behind ``alias``; of an index that is not there yet nothing is found."""

    def __init__(self, connection: Connection, alias: str, shards: int) -> None:
        self._connection = connection
        self._alias = alias
        # With several shards the weights of words are of all of them, not of each shard's own.
        self._options = {
            "search_type": "dfs_query_then_fetch" if shards > 1 else "query_then_fetch",
            "allow_partial_search_results": False,
        }

    def ask(self, body: Mapping[str, Any]) -> Answer:
        """Raises Unavailable, also where a shard was missing or the time over: half an answer looks like a whole."""
        return self.ask_all([body])[0]

    def ask_all(self, bodies: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """The answers in the order of the questions. Raises as ``ask``."""
        lines = [line for body in bodies for line in (self._options, {"timeout": SEARCH_TIME, **body})]
        answers = self._connection.read("POST", f"/{self._alias}/_msearch", lines)["responses"]
        return [self._whole(answer) for answer in answers]

    def finds(self, query: Query) -> bool:
        """Anything, whatever else is asked?"""
        return total_of(self.ask(any_of(query))) > 0

    @staticmethod
    def _whole(answer: Answer) -> Answer:
        if "error" in answer:
            status, error = int(answer["status"]), answer["error"]
            if status == MISSING:
                return NOTHING_FOUND
            if is_passing(status):
                raise Unavailable(N_("The search does not answer."))
            raise Refused(status, str(error.get("type")), str(error.get("root_cause") or error.get("reason")))
        if answer["timed_out"]:
            raise Unavailable(N_("The search does not answer."))
        return answer


def any_of(query: Query) -> dict[str, Any]:
    """Does the query find anything at all?"""
    return {"query": query, "size": 0, "track_total_hits": 1}


def total_of(answer: Answer) -> int:
    return int(answer["hits"]["total"]["value"])


def question(
    found: Query,
    without: Sequence[Query],
    asked: SearchQuery,
    filters: Mapping[str, Query],
    now: datetime,
    *,
    first: int,
    size: int,
) -> dict[str, Any]:
    """The whole question of one page. Filters that a facet leaves out are laid behind the facets. What lies too deep is
    only counted."""
    counted = {name: each for name, each in filters.items() if name in asked.facets}
    before = [each for name, each in filters.items() if name not in asked.facets]
    is_reached = first + size <= DEEPEST
    return {
        "query": {"bool": {"must": [found], "filter": before, "must_not": list(without)}},
        "post_filter": {"bool": {"filter": list(counted.values())}},
        "aggs": facets_asked(asked.facets, counted, now),
        "from": first if is_reached else 0,
        "size": size if is_reached else 0,
        "track_total_hits": True,
        **shown(asked.sort),
    }


def shown(sort: Sort) -> dict[str, Any]:
    """How hits come: sorted, with what a hit needs and nothing else."""
    return {
        "sort": [*_ORDERS[sort], *_TIES],
        "track_scores": True,
        "_source": False,
        "docvalue_fields": ["kind"],
    }
