"""Whoosh's postings as arrays, read block by block.

The only file beside ``whoosh_index.py`` that knows how Whoosh stores things.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher
from whoosh.reading import IndexReader, TermNotFound
from whoosh.util.numeric import byte_to_length

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]

# What a length byte of Whoosh stands for, and how high a frequency the (frequency, length byte) table goes.
LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)
TABLE_FREQUENCIES = 64


@dataclass(frozen=True, slots=True)
class Postings:
    """One term in one segment: document numbers (ascending), and for each either ``frequency × 256 + length byte``
    (``cells``) or, where a frequency is high or broken, the frequency and the length byte apart."""

    documents: Numbers
    cells: NDArray[np.uint16] | None
    frequencies: NDArray[np.float32] | None
    lengths: NDArray[np.uint8] | None

    @property
    def size(self) -> int:
        """Bytes."""
        arrays = (self.documents, self.cells, self.frequencies, self.lengths)
        return sum(array.nbytes for array in arrays if array is not None) + 200


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0, np.uint16), None, None)


class SegmentReader:
    """One segment of one searcher: raw postings (deleted documents too), lengths, deletions, columns."""

    def __init__(self, reader: IndexReader, offset: int) -> None:
        self._reader: Any = reader
        self._guard = RLock()
        segment = self._reader.segment()
        self.name = str(segment.segment_id()) if segment is not None else f"{id(reader):x}"
        self.offset = offset
        self.size: int = self._reader.doc_count_all()
        self.deleted: Numbers = np.fromiter(sorted(set(self._reader._perdoc.deleted_docs())), np.int32)
        self._lengths: dict[str, NDArray[np.uint8]] = {}

    def read(self, field: str, term: str) -> Postings:
        """The postings of ``term``; NOTHING where the segment has not got it."""
        with self._guard:
            try:
                schema_field = self._reader.schema[field]
                matcher = self._reader._terms.matcher(field, schema_field.to_bytes(term), schema_field.format)
            except (TermNotFound, KeyError):
                return NOTHING
            documents, frequencies = _blocks(matcher)
            lengths = self._length_bytes(field)[documents] if schema_field.scorable else None
        if lengths is None:
            return Postings(documents, np.zeros(len(documents), np.uint16), None, None)
        whole = frequencies.astype(np.uint16)
        if len(whole) and (frequencies.max() >= TABLE_FREQUENCIES or bool((whole != frequencies).any())):
            return Postings(documents, None, frequencies, lengths)
        return Postings(documents, whole * np.uint16(256) + lengths, None, None)

    def terms(self, field: str) -> list[str]:
        """Every term of a field."""
        with self._guard:
            return [each.decode() if isinstance(each, bytes) else str(each) for each in self._reader.lexicon(field)]

    def packed(self, field: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        """A column of fixed-length bytes, all at once: one row of ``dtype`` a document."""
        with self._guard:
            column = self._reader.schema[field].column_type
            return _bulk(self._reader._perdoc, field, column, self.size, dtype)

    def _length_bytes(self, field: str) -> NDArray[np.uint8]:
        found = self._lengths.get(field)
        if found is None:
            # Whoosh keeps the lengths in a column beside the field, one byte a document.
            found = _bulk(self._reader._perdoc, f"_{field}_len", LENGTHS_COLUMN, self.size, np.dtype(np.uint8))
            self._lengths[field] = found
        return found


def _blocks(matcher: Any) -> tuple[Numbers, NDArray[np.float32]]:
    if not isinstance(matcher, W3LeafMatcher):
        # A single posting is stored in the term's own entry.
        numbers, weights = matcher._ids, matcher._weights
        return np.asarray(numbers, np.int32), np.asarray(weights if weights else [1.0] * len(numbers), np.float32)
    documents: list[NDArray[Any]] = []
    frequencies: list[NDArray[np.float32]] = []
    while matcher.is_active():
        matcher._read_data()
        gaps, weights, _ = matcher._data
        documents.append(np.cumsum(np.asarray(gaps, np.int64)))
        count = len(gaps)
        if weights is None or isinstance(weights, float):
            frequencies.append(np.full(count, 1.0 if weights is None else weights, np.float32))
        else:
            frequencies.append(np.asarray(weights, np.float32))
        matcher._next_block()
    return np.concatenate(documents).astype(np.int32), np.concatenate(frequencies)


def _bulk(perdoc: Any, name: str, column: Any, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    rows = np.zeros(count, dtype)
    if not perdoc.has_column(name):
        return rows
    reader = perdoc.column_reader(name, column)
    stored = min(reader._count, count)
    if stored:
        rows[:stored] = np.frombuffer(bytes(reader._dbfile.get(reader._basepos, stored * dtype.itemsize)), dtype)
    return rows
