"""Whoosh's segments as arrays: postings read block by block, columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3LeafMatcher, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import Storage
from whoosh.reading import SegmentReader as WhooshReader
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]

PLACE = np.dtype("<u4")  # as ``schema.Places`` stores them
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
    """One segment of one state of the index: raw postings (deleted documents too), lengths, deletions, columns.

    Segments never change, so what was opened once serves every later state; deletions and offset are the state's own.
    """

    def __init__(self, storage: Storage, schema: Schema, segment: W3Segment) -> None:
        self._reader: Any = WhooshReader(storage, schema, segment)
        self._guard = RLock()
        self.name = str(segment.segment_id())
        self.offset = 0
        self.size = int(segment.doc_count_all())
        self.deleted: Numbers = np.zeros(0, np.int32)
        self._lengths: dict[str, NDArray[np.uint8]] = {}
        self._totals: Mapping[str, int] = segment._fieldlengths

    def placed(self, segment: W3Segment, offset: int) -> SegmentReader:
        """The same files in a state in which its documents begin at ``offset``, with what was deleted by then."""
        found = copy(self)
        found.offset = offset
        found.deleted = np.array(sorted(segment.deleted_docs()), np.int32)
        return found

    def field_length(self, field: str) -> int:
        """The terms of all documents in a field, deleted ones included."""
        return self._totals.get(field, 0)

    def is_scored(self, field: str) -> bool:
        """Do frequency and length count in this field?"""
        return bool(self._reader.schema[field].scorable)

    def kept(self, document: int) -> str:
        """What is stored beside a document (``cutting.kept_terms``)."""
        with self._guard:
            return str(self._reader.stored_fields(document)["kept"])

    def read(self, field: str, term: str) -> Postings:
        """The postings of ``term``; NOTHING where the segment has not got it."""
        with self._guard:
            matcher = self._matcher(field, term)
            if matcher is None:
                return NOTHING
            documents, frequencies, _ = _blocks(matcher)
            lengths = self._length_bytes(field)[documents] if self.is_scored(field) else None
        if lengths is None:
            return Postings(documents, np.zeros(len(documents), np.uint16), None, None)
        whole = frequencies.astype(np.uint16)
        if len(whole) and (frequencies.max() >= TABLE_FREQUENCIES or bool((whole != frequencies).any())):
            return Postings(documents, None, frequencies, lengths)
        return Postings(documents, whole * np.uint16(256) + lengths, None, None)

    def places(self, field: str, term: str) -> NDArray[np.int64]:
        """Where ``term`` stands, ascending: ``document × 2³² + place`` for each time; nothing where it is not."""
        with self._guard:
            matcher = self._matcher(field, term)
            if matcher is None:
                return np.zeros(0, np.int64)
            documents, _, values = _blocks(matcher)
        counts = np.array([len(value) for value in values], np.int64) // PLACE.itemsize
        places = np.frombuffer(b"".join(values), PLACE).astype(np.int64)
        return np.repeat(documents.astype(np.int64), counts) << 32 | places

    def _matcher(self, field: str, term: str) -> Any:
        try:
            schema_field = self._reader.schema[field]
            return self._reader._terms.matcher(field, schema_field.to_bytes(term), schema_field.format)
        except (TermNotFound, KeyError):
            return None

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


def open_segments(
    storage: Storage, schema: Schema, segments: Sequence[W3Segment], known: Sequence[SegmentReader] = ()
) -> list[SegmentReader]:
    """The segments of one state of the index, one behind the other; those that are ``known`` are not opened again.
    Raises FileNotFoundError where a newer state has taken the place of this one."""
    opened = {segment.name: segment for segment in known}
    found: list[SegmentReader] = []
    offset = 0
    for segment in segments:
        if segment.doc_count_all():
            reader = opened.get(segment.segment_id()) or SegmentReader(storage, schema, segment)
            found.append(reader.placed(segment, offset))
            offset += found[-1].size
    return found


def _blocks(matcher: Any) -> tuple[Numbers, NDArray[np.float32], list[bytes]]:
    """Documents, frequencies, and each posting's value where the field stores any."""
    if not isinstance(matcher, W3LeafMatcher):
        # A single posting is stored in the term's own entry.
        numbers, weights = matcher._ids, matcher._weights
        ones = np.asarray(weights if weights else [1.0] * len(numbers), np.float32)
        return np.asarray(numbers, np.int32), ones, [each or b"" for each in matcher._values or ()]
    documents: list[NDArray[Any]] = []
    frequencies: list[NDArray[np.float32]] = []
    stored: list[bytes] = []
    while matcher.is_active():
        matcher._read_data()
        gaps, weights, values = matcher._data
        documents.append(np.cumsum(np.asarray(gaps, np.int64)))
        count = len(gaps)
        if weights is None or isinstance(weights, float):
            frequencies.append(np.full(count, 1.0 if weights is None else weights, np.float32))
        else:
            frequencies.append(np.asarray(weights, np.float32))
        if isinstance(values, tuple):
            stored += values
        matcher._next_block()
    return np.concatenate(documents).astype(np.int32), np.concatenate(frequencies), stored


def _bulk(perdoc: Any, name: str, column: Any, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    rows = np.zeros(count, dtype)
    if not perdoc.has_column(name):
        return rows
    reader = perdoc.column_reader(name, column)
    stored = min(reader._count, count)
    if stored:
        rows[:stored] = np.frombuffer(bytes(reader._dbfile.get(reader._basepos, stored * dtype.itemsize)), dtype)
    return rows
