"""What filters, facets and sorting read of each document, as arrays by segment: after an update only new segments
load."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenario_hall.search.engine.index import (
    BUDGET_BANDS,
    DAY_BANDS,
    READINESS_BANDS,
    IndexDocument,
    SearchQuery,
    band_name,
)
from scenario_hall.search.engine.postings import Numbers, SegmentReader
from scenario_hall.search.engine.scoring import Places

Mask = NDArray[np.bool_]
# A record that no longer takes applications, for the facet and the filter alike.
OPEN_STATES = frozenset({"released", "listed"})
NAMED = ("kind", "domain", "region", "status")
# Moments are seconds since 1970, sums yuan; NaN and 0 are unknown.
PACKED = np.dtype(
    [
        ("code", "S40"),
        ("kind", "S12"),
        ("posted", "f8"),
        ("deadline", "f8"),
        ("low", "f8"),
        ("high", "f8"),
        ("readiness", "u1"),
        ("digest", "u8"),
    ]
)


def packed_row(document: IndexDocument, digest: int) -> bytes:
    """A document's numbers as the index stores them, with what stands for its content. Raises ValueError for a code of
    more than 40 bytes."""
    code = document.code.encode()
    if len(code) > PACKED["code"].itemsize:
        raise ValueError(f"{document.code!r} is too long for a code")
    low, high = document.budget_low, document.budget_high
    row = (
        code,
        document.kind.encode(),
        document.posted.timestamp(),
        document.deadline.timestamp() if document.deadline else np.nan,
        low if low is not None else high if high is not None else np.nan,
        high if high is not None else low if low is not None else np.nan,
        document.readiness or 0,
        digest,
    )
    return np.array([row], PACKED).tobytes()


def facet_terms(document: IndexDocument) -> tuple[str, ...]:
    """The values that are counted, as terms of the index's facet field."""
    return (
        f"kind:{document.kind}",
        f"status:{document.state}",
        *(f"domain:{each}" for each in dict.fromkeys(document.domains)),
        *(f"region:{each}" for each in dict.fromkeys(document.region)),
    )


@dataclass(frozen=True)
class _Values:
    """One dimension of one segment. ``sets`` are the different sets of values that documents have, ``codes`` the
    number of each document's set: several values of a document cost no more than one."""

    sets: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int32]


class SegmentColumns:
    """The columns of one segment."""

    def __init__(self, segment: SegmentReader) -> None:
        rows = segment.packed("packed", PACKED)
        self.columns: dict[str, NDArray[Any]] = {name: np.ascontiguousarray(rows[name]) for name in PACKED.names or ()}
        by_dimension: dict[str, dict[str, Numbers]] = {name: {} for name in NAMED}
        for term in segment.terms("facets"):
            name, _, value = term.partition(":")
            by_dimension[name][value] = segment.read("facets", term).documents
        self._named = {name: _encode_sets(found, segment.size) for name, found in by_dimension.items()}

    def has(self, dimension: str, wanted: Collection[str], local: Places) -> Mask:
        """Which of the documents have one of the values?"""
        column = self._named[dimension]
        is_wanted = np.array([not set(wanted).isdisjoint(values) for values in column.sets], np.bool_)
        return is_wanted[column.codes[local]]

    def count(self, dimension: str, local: Places) -> dict[str, int]:
        """How many of the documents have each value; those that none has are left out."""
        column = self._named[dimension]
        totals: dict[str, int] = {}
        for code, count in enumerate(np.bincount(column.codes[local], minlength=len(column.sets)).tolist()):
            if count:
                for value in column.sets[code]:
                    totals[value] = totals.get(value, 0) + count
        return totals

    def is_expired(self, local: Places, now: datetime) -> Mask:
        """Past its deadline a released one counts as expired at once, whether the worker has said so or not."""
        late: Mask = self.columns["deadline"][local] <= now.timestamp()
        if late.any():
            late &= self.has("status", ("released",), local)
        return late


def _encode_sets(found: dict[str, Numbers], size: int) -> _Values:
    """The values' documents as one number a document: value by value, the documents that have it move from their set
    to that set with the value."""
    sets: list[tuple[str, ...]] = [()]
    codes = np.zeros(size, np.int32)
    for name in sorted(found):
        documents = found[name]
        before, places = np.unique(codes[documents], return_inverse=True)
        codes[documents] = len(sets) + places
        sets += [(*sets[code], name) for code in before.tolist()]
    used, numbers = np.unique(codes, return_inverse=True)
    return _Values(tuple(sets[code] for code in used.tolist()), numbers.astype(np.int32))


class Columns:
    """The columns of every segment of one searcher; ``known`` are those of the searcher before."""

    def __init__(self, segments: Sequence[SegmentReader], known: Columns | None = None) -> None:
        before = known._by_name if known is not None else {}
        self._by_name: dict[str, SegmentColumns] = {
            segment.name: before.get(segment.name) or SegmentColumns(segment) for segment in segments
        }
        self._parts = [(segment.offset, self._by_name[segment.name]) for segment in segments]
        self._offsets = np.array([offset for offset, _ in self._parts], np.int64)

    def of(self, segment: SegmentReader) -> SegmentColumns:
        """The columns of one of the segments."""
        return self._by_name[segment.name]

    def split(self, places: Places) -> list[tuple[SegmentColumns, Places]]:
        """The documents (ascending) by segment, with numbers inside the segment."""
        if len(self._parts) < 2:
            return [(self._parts[0][1], places)] if len(places) else []
        groups = np.split(places, np.searchsorted(places, self._offsets[1:]))
        return [
            (columns, group - offset)
            for (offset, columns), group in zip(self._parts, groups, strict=True)
            if len(group)
        ]

    def numbers(self, places: Places, name: str) -> NDArray[Any]:
        """One packed column of the documents (ascending), in their order."""
        parts = [columns.columns[name][local] for columns, local in self.split(places)]
        return np.concatenate(parts) if parts else np.zeros(0, PACKED[name])


class Selection:
    """Documents (ascending) under the filters of one query, with each filter apart for the facets."""

    def __init__(
        self, columns: Columns, places: Places, asked: SearchQuery, now: datetime, tagged: Mask | None
    ) -> None:
        self._columns, self._places, self._asked, self._now = columns, places, asked, now
        self._masks = self._filters()
        if tagged is not None:
            self._masks["tag"] = tagged

    def passing(self, but: str = "") -> Mask:
        """Which documents pass every filter, ``but`` one dimension?"""
        passing = np.ones(len(self._places), np.bool_)
        for name, mask in self._masks.items():
            if name != but:
                passing &= mask
        return passing

    def facets(self, names: Collection[str]) -> dict[str, dict[str, int]]:
        """How many hits each value of a dimension would give: its own filter is left out, all others count."""
        everything = self._places[self.passing()]
        found: dict[str, dict[str, int]] = {}
        for name in names:
            places = self._places[self.passing(but=name)] if name in self._masks else everything
            counts = self._counts(name, places)
            found[name] = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        return found

    def _filters(self) -> dict[str, Mask]:
        asked = self._asked
        masks: dict[str, Mask] = {}
        for name, wanted in (("kind", {asked.kind} - {""}), ("domain", asked.domains), ("region", asked.regions)):
            if wanted:
                masks[name] = self._each(lambda part, local, name=name, wanted=wanted: part.has(name, wanted, local))
        if asked.states:
            masks["status"] = self._each(self._has_status)
        elif not asked.include_closed:
            masks["status"] = self._each(
                lambda part, local: part.has("status", OPEN_STATES, local) & ~part.is_expired(local, self._now)
            )
        if asked.budget_min is not None or asked.budget_max is not None:
            masks["budget"] = self._in_budget(self._places, asked.budget_min, asked.budget_max)
        if asked.readiness_min is not None:
            masks["readiness"] = self._number("readiness") >= asked.readiness_min
        if asked.deadline_before is not None:
            masks["deadline"] = self._number("deadline") <= asked.deadline_before.timestamp()
        if asked.deadline_after is not None:
            later = self._number("deadline") >= asked.deadline_after.timestamp()
            masks["deadline"] = masks["deadline"] & later if "deadline" in masks else later
        if asked.posted_since is not None:
            masks["posted"] = self._number("posted") >= asked.posted_since.timestamp()
        if asked.posted_until is not None:
            sooner = self._number("posted") <= asked.posted_until.timestamp()
            masks["posted"] = masks["posted"] & sooner if "posted" in masks else sooner
        return masks

    def _each(self, test: Any) -> Mask:
        parts = [test(columns, local) for columns, local in self._columns.split(self._places)]
        return np.concatenate(parts) if parts else np.zeros(0, np.bool_)

    def _has_status(self, part: SegmentColumns, local: Places) -> Mask:
        expired = part.is_expired(local, self._now)
        has = part.has("status", self._asked.states, local) & ~expired
        return has | expired if "expired" in self._asked.states else has

    def _number(self, name: str) -> NDArray[Any]:
        return self._columns.numbers(self._places, name)

    def _in_budget(self, places: Places, least: float | None, most: float | None) -> Mask:
        """Does the row's range of sums touch the range from ``least`` to ``most``? An unknown sum is in no range."""
        low, high = self._columns.numbers(places, "low"), self._columns.numbers(places, "high")
        inside: Mask = ~np.isnan(low)
        if least is not None:
            inside &= high >= least
        if most is not None:
            inside &= low <= most
        return inside

    def _counts(self, name: str, places: Places) -> dict[str, int]:
        now = self._now.timestamp()
        if name == "budget":
            bands = {band_name(low, high): self._in_budget(places, low, high) for low, high in BUDGET_BANDS}
        elif name == "readiness":
            levels = self._columns.numbers(places, "readiness")
            bands = {str(level): levels >= level for level in READINESS_BANDS}
        elif name == "deadline":
            ends = self._columns.numbers(places, "deadline")
            bands = {str(days): ends <= now + timedelta(days=days).total_seconds() for days in DAY_BANDS}
        elif name == "posted":
            begins = self._columns.numbers(places, "posted")
            bands = {str(days): begins >= now - timedelta(days=days).total_seconds() for days in DAY_BANDS}
        else:
            return self._named_counts(name, places)
        return {band: count for band, mask in bands.items() if (count := int(np.count_nonzero(mask)))}

    def _named_counts(self, name: str, places: Places) -> dict[str, int]:
        totals: dict[str, int] = {}
        for columns, local in self._columns.split(places):
            counts = columns.count(name, local)
            if name == "status" and (expired := int(np.count_nonzero(columns.is_expired(local, self._now)))):
                counts["released"] -= expired
                counts["expired"] = counts.get("expired", 0) + expired
            for value, count in counts.items():
                if count:
                    totals[value] = totals.get(value, 0) + count
        return totals
