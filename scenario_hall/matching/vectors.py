"""Sparse vectors of many records, scored against one in NumPy: cost follows the postings, not Python's loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class SparseRows:
    """Rows of (term, weight), named by code; rows come, change and go, and only then are the arrays laid anew."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._rows: dict[str, tuple[Ints, Floats, float]] = {}
        self._frequencies: Counter[str] = Counter()
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._laid: tuple[list[str], Ints, Floats, Ints, Floats] | None = None

    def put(self, code: str, weights: Mapping[str, float], length: float = 0.0) -> None:
        """Add or replace a row; ``length`` is the document's length that BM25 normalises by."""
        self.remove(code)
        self._spelled[code] = tuple(weights)
        self._frequencies.update(self._spelled[code])
        ids = np.fromiter((self._terms.setdefault(term, len(self._terms)) for term in weights), np.int64, len(weights))
        values = np.fromiter(weights.values(), np.float64, len(weights))
        self._rows[code] = (ids, values, length)
        self._laid = None

    def remove(self, code: str) -> None:
        if self._rows.pop(code, None) is not None:
            self._frequencies.subtract(self._spelled.pop(code))
            self._laid = None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def codes(self) -> list[str]:
        """The rows' codes, in the order of every result array."""
        return self._lay()[0]

    @property
    def lengths(self) -> Floats:
        return self._lay()[4]

    def terms(self) -> list[str]:
        """The vocabulary, in the order of the term ids."""
        return list(self._terms)

    def frequency(self, term: str) -> int:
        """In how many rows the term stands."""
        return self._frequencies.get(term, 0)

    def dense(self, weights: Mapping[str, float]) -> Floats:
        """``weights`` as an array over this vocabulary; terms that no row has are left out."""
        array = np.zeros(len(self._terms))
        for term, weight in weights.items():
            index = self._terms.get(term)
            if index is not None:
                array[index] = weight
        return array

    def entries(self) -> tuple[Ints, Floats, Ints]:
        """(term ids, weights, row numbers) of every entry, row by row."""
        _, ids, values, rows, _ = self._lay()
        return ids, values, rows

    def _lay(self) -> tuple[list[str], Ints, Floats, Ints, Floats]:
        if self._laid is None:
            codes = sorted(self._rows)
            rows = [self._rows[code] for code in codes]
            ids = np.concatenate([row[0] for row in rows]) if rows else np.zeros(0, np.int64)
            values = np.concatenate([row[1] for row in rows]) if rows else np.zeros(0)
            numbers = np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])
            lengths = np.array([row[2] for row in rows])
            self._laid = (codes, ids, values, numbers, lengths)
        return self._laid


def sum_by_row(values: Floats, rows: Ints, count: int) -> Floats:
    """Sums of ``values`` for each of ``count`` rows."""
    return np.bincount(rows, weights=values, minlength=count).astype(np.float64)
