"""Sparse rows held by term, so that a product of one record with all others costs what its terms' postings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sums = NDArray[np.float32]
Slots = NDArray[np.intp]

# So many late rows are laid apart before all is laid anew.
LEAST_RELAID = 256
RELAID_SHARE = 0.01
# A term that so many of the rows have is laid as a whole column: adding it in order is cheaper than by slot.
COLUMN_SHARE = 1 / 6
# Sums of single precision are wrong by no more than this share.
PRECISION = 1e-5


class Rows:
    """Numbered places for records: a record keeps its slot while it stays, and gives it back when it goes."""

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._codes: list[str] = []
        self._free: list[int] = []

    def put(self, code: str) -> int:
        slot = self._slots.get(code)
        if slot is None:
            if self._free:
                slot = self._free.pop()
                self._codes[slot] = code
            else:
                slot = len(self._codes)
                self._codes.append(code)
            self._slots[code] = slot
        return slot

    def remove(self, code: str) -> int | None:
        slot = self._slots.pop(code, None)
        if slot is not None:
            self._codes[slot] = ""
            self._free.append(slot)
        return slot

    def slot(self, code: str) -> int:
        """Raises KeyError."""
        return self._slots[code]

    def code(self, slot: int) -> str:
        return self._codes[slot]

    def __contains__(self, code: str) -> bool:
        return code in self._slots

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def capacity(self) -> int:
        """How long an array over all slots is."""
        return len(self._codes)


@dataclass(frozen=True)
class Asked:
    """The terms of a product that the matrix knows, by their numbers there, and how much each asks."""

    numbers: list[int]
    weights: list[float]
    terms: list[str]


@dataclass
class _Layer:
    """Entries sorted by term; of term t, entries starts[t]:starts[t + 1]; a term that many have stands in ``columns``
    instead, with a weight for each slot. Slots that changed since are stale."""

    starts: list[int]
    slots: Slots
    weights: Sums
    columns: dict[int, Sums]
    stale: NDArray[np.bool_]

    def add_to(self, sums: Sums, asked: Asked) -> None:
        """Add the products with what is asked to ``sums``; stale slots get nothing."""
        own = sums[: len(self.stale)]
        has_stale = self.stale.any()
        if has_stale:
            own = np.zeros_like(own)
        room = np.empty_like(own)
        last = len(self.starts) - 1
        for term, weight in zip(asked.numbers, asked.weights, strict=True):
            if (column := self.columns.get(term)) is not None:
                np.multiply(column, np.float32(weight), out=room)
                np.add(own, room, out=own)
            elif term < last and (begin := self.starts[term]) < (end := self.starts[term + 1]):
                np.add.at(own, self.slots[begin:end], self.weights[begin:end] * np.float32(weight))
        if has_stale:
            own[self.stale] = 0.0
            sums[: len(own)] += own


Entries = tuple[NDArray[np.int32], Sums]


class TermMatrix:
    """Weights by (slot, term). ``put`` and ``drop`` cost what the row costs; ``product`` what its terms' rows cost.

    Nothing is laid before it is asked. Rows that came of late stand in a small layer; when it has grown to a share of
    the large one, both are laid together.
    """

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._spelled: list[str] = []
        self._rows: dict[int, Entries] = {}
        self._base = _lay({}, 0)
        self._base_rows = 0
        self._late: dict[int, Entries] = {}
        self._late_layer: _Layer | None = None

    def put(self, slot: int, weights: Mapping[str, float]) -> None:
        """Add or replace a row."""
        self.drop(slot)
        for term in weights:
            if term not in self._terms:
                self._terms[term] = len(self._spelled)
                self._spelled.append(term)
        ids = np.fromiter((self._terms[term] for term in weights), np.int32, len(weights))
        self._late[slot] = self._rows[slot] = (ids, np.fromiter(weights.values(), np.float32, len(weights)))
        self._late_layer = None

    def row(self, slot: int) -> dict[str, float]:
        """The row as it was put, to the precision that is kept."""
        ids, weights = self._rows[slot]
        return {self._spelled[term]: weight for term, weight in zip(ids.tolist(), weights.tolist(), strict=True)}

    def asked(self, weights: Mapping[str, float]) -> Asked:
        """What of these weights there is to ask for."""
        known = [
            (number, weight, term) for term, weight in weights.items() if (number := self._terms.get(term, -1)) >= 0
        ]
        known.sort()
        return Asked(*map(list, zip(*known, strict=True))) if known else Asked([], [], [])

    def parts(self, slots: Sequence[int], asked: Asked) -> list[dict[str, float]]:
        """Of each of the slots' rows, what its ``product`` with ``asked`` is the sum of."""
        if not asked.numbers or not slots:
            return [{} for _ in slots]
        numbers = np.array(asked.numbers)
        is_asked = np.zeros(len(self._spelled), np.bool_)
        is_asked[numbers] = True
        rows = [self._rows[slot] for slot in slots]
        every = np.concatenate([row[0] for row in rows])
        hits = np.flatnonzero(is_asked[every])
        which = np.searchsorted(numbers, every[hits])
        worths = (np.array(asked.weights)[which] * np.concatenate([row[1] for row in rows])[hits]).tolist()
        names = [asked.terms[place] for place in which.tolist()]
        behind = np.searchsorted(hits, np.cumsum([len(row[0]) for row in rows])).tolist()
        return [
            dict(zip(names[begin:end], worths[begin:end], strict=True))
            for begin, end in zip([0, *behind], behind, strict=False)
        ]

    def drop(self, slot: int) -> None:
        self._rows.pop(slot, None)
        if self._late.pop(slot, None) is not None:
            self._late_layer = None
        if slot < len(self._base.stale):
            self._base.stale[slot] = True

    def product(self, asked: Asked, capacity: int) -> Sums:
        """For every slot the sum over the terms of asked × row, to ``PRECISION``, shape (capacity,); 0 for slots
        without a row."""
        if len(self._late) > max(LEAST_RELAID, RELAID_SHARE * self._base_rows):
            self._merge()
        sums = np.zeros(capacity, np.float32)
        if self._late and self._late_layer is None:
            self._late_layer = _lay(self._late, len(self._terms))
        for layer in (self._base, self._late_layer):
            if layer is not None:
                layer.add_to(sums, asked)
        return sums

    def _merge(self) -> None:
        self._base = _lay(self._rows, len(self._terms))
        self._base_rows = len(self._rows)
        self._late, self._late_layer = {}, None


def _lay(rows: Mapping[int, Entries], terms: int) -> _Layer:
    filled = {slot: row for slot, row in rows.items() if len(row[0])}
    if not filled:
        nothing = np.zeros(0, np.float32)
        return _Layer([0], np.zeros(0, np.intp), nothing, {}, np.zeros(0, np.bool_))
    ids = np.concatenate([row[0] for row in filled.values()])
    slots = np.repeat(np.fromiter(filled, np.intp, len(filled)), [len(row[0]) for row in filled.values()])
    weights = np.concatenate([row[1] for row in filled.values()])
    capacity = int(slots.max()) + 1
    order = np.argsort(ids, kind="stable")
    ids, slots, weights = ids[order], slots[order], weights[order]
    counts = np.bincount(ids, minlength=terms)
    columns = {}
    behind = np.cumsum(counts)
    for term in np.flatnonzero(counts >= max(2, COLUMN_SHARE * capacity)).tolist():
        own = slice(behind[term] - counts[term], behind[term])
        columns[term] = np.zeros(capacity, np.float32)
        columns[term][slots[own]] = weights[own]
    if columns:
        apart = np.isin(ids, list(columns), invert=True)
        slots, weights = slots[apart], weights[apart]
        counts[list(columns)] = 0
    starts = np.concatenate([[0], np.cumsum(counts)]).tolist()
    return _Layer(starts, slots, weights, columns, np.zeros(capacity, np.bool_))


def best_places(scores: Floats, allowed: NDArray[np.bool_], top: int | None) -> Slots:
    """The allowed places with a score above 0, the highest first; at most ``top`` and those that are as high as the
    last, to the precision of sums."""
    found = np.flatnonzero((scores > 0) & allowed)
    if top is not None and len(found) > top:
        found = found[scores[found] >= (1 - PRECISION) * highest(scores[found], top)]
    return found[np.argsort(-scores[found], kind="stable")]


def highest(scores: NDArray[np.floating[Any]], number: int) -> float:
    """The ``number``-th highest of at least as many scores."""
    return float(np.partition(scores, len(scores) - number)[len(scores) - number])
