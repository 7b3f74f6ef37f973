"""What filters, facets and sorting read of each document, by segment: after an update only new segments load."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from whoosh.searching import Searcher

from scenario_hall.search.index import IndexDocument, SearchQuery

# A record that takes no applications any more, for the facet and the filter alike.
OPEN_STATES = frozenset({"released", "listed"})


@dataclass(frozen=True, slots=True)
class Row:
    """One document's columns. Moments are seconds since 1970, sums yuan."""

    code: str
    kind: str
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    regions: tuple[str, ...]
    state: str
    budget_low: float | None
    budget_high: float | None
    readiness: int | None
    deadline: float | None
    posted: float

    @classmethod
    def of(cls, document: IndexDocument) -> Row:
        return cls(
            code=document.code,
            kind=document.kind,
            domains=document.domains,
            tags=document.tags,
            regions=document.region,
            state=document.state,
            budget_low=document.budget_low,
            budget_high=document.budget_high,
            readiness=document.readiness,
            deadline=document.deadline.timestamp() if document.deadline else None,
            posted=document.posted.timestamp(),
        )

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def status(self, now: datetime) -> str:
        """The state as the clock has it: past its deadline a released one counts as expired at once."""
        if self.state == "released" and self.deadline is not None and self.deadline <= now.timestamp():
            return "expired"
        return self.state


class Columns:
    """The rows of every segment of one searcher."""

    def __init__(self) -> None:
        self._segments: dict[str, list[Row | None]] = {}
        self._parts: list[tuple[int, list[Row | None], Any]] = []
        self._offsets: list[int] = []
        self._generation: Any = None

    def follow(self, searcher: Searcher) -> None:
        """Load what this searcher has and the last one had not."""
        if self._generation is searcher:
            return
        parts, kept = [], {}
        for leaf, offset in searcher.leaf_searchers():
            reader = leaf.reader()
            name = f"{id(reader)}" if reader.segment() is None else str(reader.segment().segment_id())
            rows = self._segments.get(name)
            if rows is None:
                rows = [_row(reader.stored_fields(number)) for number in range(reader.doc_count_all())]
            kept[name] = rows
            parts.append((offset, rows, reader))
        self._segments, self._parts = kept, parts
        self._offsets = [offset for offset, _, _ in parts]
        self._generation = searcher

    def row(self, number: int) -> Row | None:
        """The row of document ``number``; None for the cursor."""
        offset, rows, _ = self._parts[bisect_right(self._offsets, number) - 1]
        return rows[number - offset]

    def live(self) -> Iterator[tuple[int, Row]]:
        """Every document that is not deleted."""
        for offset, rows, reader in self._parts:
            for number, row in enumerate(rows):
                if row is not None and not reader.is_deleted(number):
                    yield offset + number, row


def passes(row: Row, asked: SearchQuery, now: datetime, but: str = "") -> bool:
    """Does the row pass every filter of the query, ``but`` one dimension?"""
    if but != "status":
        status = row.status(now)
        if asked.states:
            if status not in asked.states:
                return False
        elif not asked.include_closed and status not in OPEN_STATES:
            return False
    return (
        (but == "kind" or not asked.kind or row.kind == asked.kind)
        and (but == "domain" or not asked.domains or not set(asked.domains).isdisjoint(row.domains))
        and (not asked.tags or not set(asked.tags).isdisjoint((*row.tags, *row.domains)))
        and (but == "region" or not asked.regions or not set(asked.regions).isdisjoint(row.regions))
        and (but == "readiness" or asked.readiness_min is None or (row.readiness or 0) >= asked.readiness_min)
        and (but == "budget" or in_budget(row, asked.budget_min, asked.budget_max))
        and (but == "deadline" or asked.deadline_before is None or closes_before(row, asked.deadline_before))
        and (but == "posted" or asked.posted_since is None or row.posted >= asked.posted_since.timestamp())
    )


def in_budget(row: Row, least: float | None, most: float | None) -> bool:
    """Does the row's range of sums touch the range from ``least`` to ``most``? An unknown sum is in no range."""
    if least is None and most is None:
        return True
    low = row.budget_low if row.budget_low is not None else row.budget_high
    high = row.budget_high if row.budget_high is not None else row.budget_low
    if low is None or high is None:
        return False
    return (least is None or high >= least) and (most is None or low <= most)


def closes_before(row: Row, moment: datetime) -> bool:
    return row.deadline is not None and row.deadline <= moment.timestamp()


def _row(stored: dict[str, Any]) -> Row | None:
    row = stored.get("row")
    return Row(**row) if isinstance(row, dict) and "code" in row else None
