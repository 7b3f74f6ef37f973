"""Filters and facets as OpenSearch takes and tells them; what they mean stands in ``columns.py`` of the embedded
index."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from scenario_hall.search.engine.columns import NAMED, OPEN_STATES
from scenario_hall.search.engine.index import BUDGET_BANDS, DAY_BANDS, READINESS_BANDS, SearchQuery, band_name
from scenario_hall.search.engine.opensearch.wording import Query

# More values than a facet can have: no count is cut.
ALL_VALUES = 1_000


def filters_of(asked: SearchQuery, now: datetime) -> dict[str, Query]:
    """One filter for each dimension that ``asked`` narrows."""
    found: dict[str, Query] = {}
    for name, wanted in (("kind", (asked.kind,) if asked.kind else ()), ("domain", asked.domains)):
        if wanted:
            found[name] = _values(name, wanted)
    if asked.regions:
        found["region"] = _values("region", asked.regions)
    if asked.tags:
        found["tag"] = _values("slugs", asked.tags)
    if asked.states:
        found["status"] = _in_states(asked.states, now)
    elif not asked.include_closed:
        found["status"] = {"bool": {"filter": [_values("status", OPEN_STATES)], "must_not": [expired(now)]}}
    if asked.budget_min is not None or asked.budget_max is not None:
        found["budget"] = _in_budget(asked.budget_min, asked.budget_max)
    if asked.readiness_min is not None:
        found["readiness"] = {"range": {"readiness": {"gte": asked.readiness_min}}}
    for name, first, last in (
        ("deadline", asked.deadline_after, asked.deadline_before),
        ("posted", asked.posted_since, asked.posted_until),
    ):
        if first is not None or last is not None:
            found[name] = _between(name, first, last)
    return found


def facets_asked(names: Collection[str], filters: Mapping[str, Query], now: datetime) -> dict[str, Any]:
    """One aggregation for each facet, each under all filters but its own."""
    return {
        name: {
            "filter": {"bool": {"filter": [each for other, each in filters.items() if other != name]}},
            "aggs": _counted(name, now),
        }
        for name in names
    }


def facets_told(answers: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The counts of each value, the most frequent first; what nothing has is left out."""
    found = {}
    for name, answer in answers.items():
        counts = _counts(name, answer)
        found[name] = dict(sorted(((value, count) for value, count in counts.items() if count), key=_by_count))
    return found


def expired(now: datetime) -> Query:
    """Past its deadline a released one counts as expired at once, whether the worker has said so or not."""
    late = {"range": {"deadline": {"lte": now.timestamp()}}}
    return {"bool": {"filter": [{"term": {"status": "released"}}, late]}}


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _values(name: str, wanted: Collection[str]) -> Query:
    return {"terms": {name: sorted(wanted)}}


def _in_states(states: Collection[str], now: datetime) -> Query:
    stated: Query = {"bool": {"filter": [_values("status", states)], "must_not": [expired(now)]}}
    return {"bool": {"should": [stated, expired(now)]}} if "expired" in states else stated


def _in_budget(least: float | None, most: float | None) -> Query:
    """Does the range of sums touch the range from ``least`` to ``most``? An unknown sum is in no range."""
    parts: list[Query] = [{"exists": {"field": "budget_low"}}]
    if least is not None:
        parts.append({"range": {"budget_high": {"gte": least}}})
    if most is not None:
        parts.append({"range": {"budget_low": {"lte": most}}})
    return {"bool": {"filter": parts}}


def _between(name: str, first: datetime | None, last: datetime | None) -> Query:
    bounds = {"gte": first, "lte": last}
    return {"range": {name: {side: moment.timestamp() for side, moment in bounds.items() if moment is not None}}}


def _counted(name: str, now: datetime) -> dict[str, Any]:
    if name in NAMED:
        values: dict[str, Any] = {"values": {"terms": {"field": name, "size": ALL_VALUES}}}
        return values | ({"expired": {"filter": expired(now)}} if name == "status" else {})
    return {"values": {"filters": {"filters": _bands(name, now)}}}


def _bands(name: str, now: datetime) -> dict[str, Query]:
    if name == "budget":
        return {band_name(low, high): _in_budget(low, high) for low, high in BUDGET_BANDS}
    if name == "readiness":
        return {str(level): {"range": {"readiness": {"gte": level}}} for level in READINESS_BANDS}
    if name == "deadline":
        return {str(days): _between(name, None, now + timedelta(days=days)) for days in DAY_BANDS}
    return {str(days): _between(name, now - timedelta(days=days), None) for days in DAY_BANDS}


def _counts(name: str, answer: Mapping[str, Any]) -> dict[str, int]:
    buckets = answer["values"]["buckets"]
    if name not in NAMED:
        return {band: bucket["doc_count"] for band, bucket in buckets.items()}
    counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    if name == "status" and (late := answer["expired"]["doc_count"]):
        counts["released"] -= late
        counts["expired"] = counts.get("expired", 0) + late
    return counts
