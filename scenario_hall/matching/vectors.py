"""Sparse rows held by term, so that a product of one record with all others costs what its terms' postings cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slots = NDArray[np.int32]

# Rows that came since the arrays were laid are looked at one by one; when they are too many, all is laid anew.
LEAST_RELAID = 256
RELAID_SHARE = 0.05


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


class TermMatrix:
    """Weights by (slot, term). ``put`` and ``drop`` cost what the row costs; ``product`` what its terms' rows cost."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        # Laid: entries sorted by term; of term t, entries starts[t]:starts[t + 1].
        self._starts = np.zeros(1, np.int64)
        self._slots: Slots = np.zeros(0, np.int32)
        self._weights = np.zeros(0, np.float32)
        self._stale = np.zeros(0, np.bool_)
        self._fresh: dict[int, tuple[NDArray[np.int64], NDArray[np.float32]]] = {}
        self._rows = 0

    def put(self, slot: int, weights: Mapping[str, float]) -> None:
        """Add or replace a row."""
        self.drop(slot)
        ids = np.fromiter((self._terms.setdefault(term, len(self._terms)) for term in weights), np.int64, len(weights))
        self._fresh[slot] = (ids, np.fromiter(weights.values(), np.float32, len(weights)))
        if len(self._fresh) > max(LEAST_RELAID, RELAID_SHARE * self._rows):
            self._lay()

    def drop(self, slot: int) -> None:
        self._fresh.pop(slot, None)
        if slot < len(self._stale):
            self._stale[slot] = True

    def product(self, asked: Mapping[str, float], capacity: int) -> Floats:
        """For every slot the sum over the terms of asked × row, shape (capacity,); 0 for slots without a row."""
        sums = np.zeros(capacity)
        for term, weight in asked.items():
            number = self._terms.get(term)
            if number is not None and number + 1 < len(self._starts):
                begin, end = self._starts[number], self._starts[number + 1]
                if end > begin:
                    sums[self._slots[begin:end]] += weight * self._weights[begin:end]
        if len(self._stale):
            sums[: len(self._stale)][self._stale[:capacity]] = 0.0
        if self._fresh:
            self._add_fresh(sums, asked)
        return sums

    def _add_fresh(self, sums: Floats, asked: Mapping[str, float]) -> None:
        dense = np.zeros(len(self._terms))
        for term, weight in asked.items():
            number = self._terms.get(term)
            if number is not None:
                dense[number] = weight
        for slot, (ids, weights) in self._fresh.items():
            sums[slot] = float(dense[ids] @ weights)

    def _lay(self) -> None:
        parts_slots: list[NDArray[np.int32]] = []
        parts_terms: list[NDArray[np.int64]] = []
        parts_weights: list[NDArray[np.float32]] = []
        if len(self._slots):
            terms = np.repeat(np.arange(len(self._starts) - 1), np.diff(self._starts))
            stays = ~self._stale[self._slots]
            parts_slots.append(self._slots[stays])
            parts_terms.append(terms[stays])
            parts_weights.append(self._weights[stays])
        for slot, (ids, weights) in self._fresh.items():
            parts_slots.append(np.full(len(ids), slot, np.int32))
            parts_terms.append(ids)
            parts_weights.append(weights)
        terms = np.concatenate(parts_terms)
        order = np.argsort(terms, kind="stable")
        self._slots = np.concatenate(parts_slots)[order]
        self._weights = np.concatenate(parts_weights)[order]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(terms, minlength=len(self._terms)))])
        highest = int(self._slots.max()) + 1 if len(self._slots) else 0
        self._stale = np.zeros(highest, np.bool_)
        self._rows = len(np.unique(self._slots))
        self._fresh = {}


def best_slots(scores: Floats, allowed: NDArray[np.bool_], top: int | None) -> Slots:
    """The allowed slots with a score above 0, the highest first; at most ``top`` and those equal to the last."""
    found = np.flatnonzero((scores > 0) & allowed)
    if top is not None and len(found) > top:
        line = np.partition(scores[found], len(found) - top)[len(found) - top]
        found = found[scores[found] >= line]
    return found[np.argsort(-scores[found], kind="stable")].astype(np.int32)


def as_floats(values: Iterable[float | None]) -> Floats:
    """An array in which None is NaN."""
    return np.array([np.nan if value is None else value for value in values], np.float64)
