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

# So many late rows are kept in a layer of their own before all are put into one.
REBUILD_MIN_ROWS = 256
REBUILD_SHARE = 0.01
# A term that so many of the rows have is kept as a whole column: adding it in order is cheaper than by slot.
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


class Terms:
    """Numbers for terms, shared by matrices so that a row of one can be held against the rows of another."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.spelled: list[str] = []

    def number(self, term: str) -> int:
        """The term's number; a new one where it has none."""
        found = self._numbers.setdefault(term, len(self.spelled))
        if found == len(self.spelled):
            self.spelled.append(term)
        return found

    def known(self, term: str) -> int | None:
        return self._numbers.get(term)

    def __len__(self) -> int:
        return len(self.spelled)


@dataclass(frozen=True)
class QueryTerms:
    """The terms that a matrix is multiplied with: their numbers, ascending, and how much each asks."""

    numbers: NDArray[np.int32]
    weights: Floats


@dataclass
class _Layer:
    """Entries sorted by term; of term t, entries starts[t]:starts[t + 1]; a term that many have stands in ``columns``
    instead, with a weight for each slot. Slots that changed since are stale."""

    starts: list[int]
    slots: Slots
    weights: Sums
    columns: dict[int, Sums]
    stale: NDArray[np.bool_]

    def add_to(self, sums: Sums, query: QueryTerms) -> None:
        """Add the products with what is asked to ``sums``; stale slots get nothing."""
        part = sums[: len(self.stale)]
        has_stale = self.stale.any()
        if has_stale:
            part = np.zeros_like(part)
        room = np.empty_like(part)
        last = len(self.starts) - 1
        for term, weight in zip(query.numbers.tolist(), query.weights.tolist(), strict=True):
            if (column := self.columns.get(term)) is not None:
                np.multiply(column, np.float32(weight), out=room)
                np.add(part, room, out=part)
            elif term < last and (begin := self.starts[term]) < (end := self.starts[term + 1]):
                np.add.at(part, self.slots[begin:end], self.weights[begin:end] * np.float32(weight))
        if has_stale:
            part[self.stale] = 0.0
            sums[: len(part)] += part


Entries = tuple[NDArray[np.int32], Sums]


class TermMatrix:
    """Weights by (slot, term). ``put`` and ``drop`` cost what the row costs; ``product`` what its terms' rows cost.

    Layers are built when they are first needed. Late rows stand in a small layer; when it has grown to a share of the
    large one, both become one.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._rows: dict[int, Entries] = {}
        self._base = _layer_of({}, 0)
        self._base_rows = 0
        self._late: dict[int, Entries] = {}
        self._late_layer: _Layer | None = None

    def put(self, slot: int, weights: Mapping[str, float]) -> None:
        """Add or replace a row."""
        self.drop(slot)
        ids = np.fromiter(map(self._terms.number, weights), np.int32, len(weights))
        self._late[slot] = self._rows[slot] = (ids, np.fromiter(weights.values(), np.float32, len(weights)))
        self._late_layer = None

    def row(self, slot: int) -> dict[str, float]:
        """The row as it was put, to the precision that is kept."""
        ids, weights = self._rows[slot]
        spelled = self._terms.spelled
        return {spelled[term]: weight for term, weight in zip(ids.tolist(), weights.tolist(), strict=True)}

    def row_as_query(self, slot: int) -> QueryTerms:
        """The row as terms to multiply a matrix of the same terms with."""
        ids, weights = self._rows[slot]
        return _in_order(ids, weights.astype(np.float64))

    def query(self, weights: Mapping[str, float]) -> QueryTerms:
        """Those of the weights whose terms the matrix knows, as terms to multiply with."""
        known = [(found, weight) for term, weight in weights.items() if (found := self._terms.known(term)) is not None]
        return _in_order(np.array([number for number, _ in known], np.int32), np.array([weight for _, weight in known]))

    def parts(self, slots: Sequence[int], query: QueryTerms) -> list[dict[str, float]]:
        """Of each of the slots' rows, what its ``product`` with ``query`` is the sum of."""
        if not len(query.numbers) or not slots:
            return [{} for _ in slots]
        is_asked = np.zeros(len(self._terms), np.bool_)
        is_asked[query.numbers] = True
        rows = [self._rows[slot] for slot in slots]
        every = np.concatenate([row[0] for row in rows])
        hits = np.flatnonzero(is_asked[every])
        found = every[hits]
        asks = query.weights[np.searchsorted(query.numbers, found)]
        worths = (asks * np.concatenate([row[1] for row in rows])[hits]).tolist()
        spelled = self._terms.spelled
        names = [spelled[number] for number in found.tolist()]
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

    def product(self, query: QueryTerms, capacity: int) -> Sums:
        """For every slot the sum over the terms of query × row, to ``PRECISION``, shape (capacity,); 0 for slots
        without a row."""
        if len(self._late) > max(REBUILD_MIN_ROWS, REBUILD_SHARE * self._base_rows):
            self._merge()
        sums = np.zeros(capacity, np.float32)
        if self._late and self._late_layer is None:
            self._late_layer = _layer_of(self._late, len(self._terms))
        for layer in (self._base, self._late_layer):
            if layer is not None:
                layer.add_to(sums, query)
        return sums

    def _merge(self) -> None:
        self._base = _layer_of(self._rows, len(self._terms))
        self._base_rows = len(self._rows)
        self._late, self._late_layer = {}, None


def _in_order(numbers: NDArray[np.int32], weights: Floats) -> QueryTerms:
    order = np.argsort(numbers)
    return QueryTerms(numbers[order], weights[order])


def _layer_of(rows: Mapping[int, Entries], terms: int) -> _Layer:
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
        entries = slice(behind[term] - counts[term], behind[term])
        columns[term] = np.zeros(capacity, np.float32)
        columns[term][slots[entries]] = weights[entries]
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
