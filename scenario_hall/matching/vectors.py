"""Sparse rows held by term, so that a product of one record with all others costs what its terms' postings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]

# So many late rows are laid apart before all is laid anew.
LEAST_RELAID = 256
RELAID_SHARE = 0.01


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


@dataclass
class _Layer:
    """Entries sorted by term; of term t, entries starts[t]:starts[t + 1]. Slots that changed since are stale."""

    starts: NDArray[np.int64]
    slots: NDArray[np.int32]
    weights: NDArray[np.float32]
    stale: NDArray[np.bool_]

    def add_to(self, sums: Floats, asked: Sequence[tuple[int, float]]) -> None:
        """Add the products with ``asked`` (term, weight) to ``sums``; stale slots get nothing."""
        last = len(self.starts) - 1
        spans = [(self.starts[term], self.starts[term + 1], weight) for term, weight in asked if term < last]
        total = int(sum(end - begin for begin, end, _ in spans))
        if not total:
            return
        # Laid one behind the other and summed by slot in one pass.
        slots, weights = np.empty(total, np.int64), np.empty(total)
        place = 0
        for begin, end, weight in spans:
            behind = place + end - begin
            slots[place:behind] = self.slots[begin:end]
            np.multiply(self.weights[begin:end], weight, out=weights[place:behind])
            place = behind
        own = np.bincount(slots, weights, minlength=len(self.stale))
        if self.stale.any():
            own[self.stale] = 0.0
        sums[: len(own)] += own


Entries = tuple[NDArray[np.int32], NDArray[np.float32]]


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

    def drop(self, slot: int) -> None:
        self._rows.pop(slot, None)
        if self._late.pop(slot, None) is not None:
            self._late_layer = None
        if slot < len(self._base.stale):
            self._base.stale[slot] = True

    def product(self, asked: Mapping[str, float], capacity: int) -> Floats:
        """For every slot the sum over the terms of asked × row, shape (capacity,); 0 for slots without a row."""
        if len(self._late) > max(LEAST_RELAID, RELAID_SHARE * self._base_rows):
            self._merge()
        sums = np.zeros(capacity)
        wanted = [(self._terms[term], weight) for term, weight in asked.items() if term in self._terms]
        if self._late and self._late_layer is None:
            self._late_layer = _lay(self._late, len(self._terms))
        for layer in (self._base, self._late_layer):
            if layer is not None:
                layer.add_to(sums, wanted)
        return sums

    def _merge(self) -> None:
        self._base = _lay(self._rows, len(self._terms))
        self._base_rows = len(self._rows)
        self._late, self._late_layer = {}, None


def _lay(rows: Mapping[int, Entries], terms: int) -> _Layer:
    slots = [np.full(len(ids), slot, np.int32) for slot, (ids, _) in rows.items()]
    ids = [row[0] for row in rows.values()]
    weights = [row[1] for row in rows.values()]
    if not ids:
        return _Layer(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.bool_))
    all_ids, all_slots = np.concatenate(ids), np.concatenate(slots)
    order = np.argsort(all_ids, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(all_ids, minlength=terms))])
    highest = int(all_slots.max()) + 1 if len(all_slots) else 0
    return _Layer(starts, all_slots[order], np.concatenate(weights)[order], np.zeros(highest, np.bool_))


def best_places(scores: Floats, allowed: NDArray[np.bool_], top: int | None) -> NDArray[np.intp]:
    """The allowed places with a score above 0, the highest first; at most ``top`` and those equal to the last."""
    found = np.flatnonzero((scores > 0) & allowed)
    if top is not None and len(found) > top:
        line = np.partition(scores[found], len(found) - top)[len(found) - top]
        found = found[scores[found] >= line]
    return found[np.argsort(-scores[found], kind="stable")]
