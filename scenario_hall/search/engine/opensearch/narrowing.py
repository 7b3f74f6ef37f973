"""Filters and facets as OpenSearch takes and tells them; what they mean stands in ``columns.py`` of the embedded
index."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import inf, nextafter
from typing import Any

from scenario_hall.search.engine.columns import NAMED, OPEN_STATES
from scenario_hall.search.engine.index import BUDGET_BANDS, DAY_BANDS, READINESS_BANDS, SearchQuery, band_name
from scenario_hall.search.engine.opensearch.wording import Query

# More values than a facet can have: no count is cut.
ALL_VALUES = 1_000
# Names of aggregations that are no facet's.
SHARED, EXPIRED = "shared", "expired"


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
    """The facets, each counted under all filters but its own. Those without a filter of their own stand together, so
    that the filters are looked at once for all of them."""
    shared = [name for name in names if name not in filters]
    groups = {SHARED: shared} if shared else {}
    groups |= {name: [name] for name in names if name in filters}
    return {
        group: {
            "filter": {"bool": {"filter": [each for other, each in filters.items() if other != group]}},
            "aggs": {key: each for name in members for key, each in _counted(name, now).items()},
        }
        for group, members in groups.items()
    }


def facets_told(names: Collection[str], groups: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The counts of each value, the most frequent first; what nothing has is left out. ``groups`` are empty where there
    is no index yet."""
    found = {}
    for name in names:
        counts = _counts(name, groups.get(name) or groups[SHARED]) if groups else {}
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
        values: dict[str, Any] = {name: {"terms": {"field": name, "size": ALL_VALUES}}}
        return values | ({EXPIRED: {"filter": expired(now)}} if name == "status" else {})
    if name == "budget":
        bands = {band_name(low, high): _in_budget(low, high) for low, high in BUDGET_BANDS}
        return {name: {"filters": {"filters": bands}}}
    # Bands over one number lie in each other; OpenSearch counts from a number on, and up to before another.
    ranges: list[dict[str, Any]]
    if name == "readiness":
        ranges = [{"key": str(level), "from": level} for level in READINESS_BANDS]
    elif name == "deadline":
        ends = {str(days): (now + timedelta(days=days)).timestamp() for days in DAY_BANDS}
        ranges = [{"key": key, "to": nextafter(end, inf)} for key, end in ends.items()]
    else:
        ranges = [{"key": str(days), "from": (now - timedelta(days=days)).timestamp()} for days in DAY_BANDS]
    return {name: {"range": {"field": name, "keyed": True, "ranges": ranges}}}


def _counts(name: str, answer: Mapping[str, Any]) -> dict[str, int]:
    buckets = answer[name]["buckets"]
    if name not in NAMED:
        return {band: bucket["doc_count"] for band, bucket in buckets.items()}
    counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    if name == "status" and (late := answer[EXPIRED]["doc_count"]):
        counts["released"] -= late
        counts["expired"] = counts.get("expired", 0) + late
    return counts
