"""One segment of the index, written whole: documents are collected as numbers of terms, then sorted and written."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.columns import CompressedBytesColumn, PickleColumn
from whoosh.filedb.filestore import FileStorage
from whoosh.system import pack_ushort
from whoosh.util.numeric import length_to_byte

from scenario_hall.search.engine.cutting import CutDocument, kept_terms
from scenario_hall.search.engine.postings_writer import FieldPostings, write_postings
from scenario_hall.search.engine.schema import SCHEMA, Places
from scenario_hall.search.engine.term_file import TermFile

INDEX_NAME = "MAIN"
# A place in the index is one number of 64 bits while it is sorted: the term, 16 bits of document, 24 of place.
MOST_DOCUMENTS, MOST_PLACES = 1 << 16, 1 << 24
_FIELDS = sorted(name for name, field in SCHEMA.items() if field.indexed)
# Read by Whoosh's own column of stored fields, whatever the level was.
_KEPT = PickleColumn(CompressedBytesColumn(level=1))


class _Numbers(dict[str, int]):
    """Terms by number, in the order in which they came."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Field:
    """The terms of one field: the number of each, and each document's in order."""

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.terms = array("I")
        self.lengths = array("I")

    def add(self, terms: Sequence[str]) -> None:
        numbers = self.numbers
        self.terms.extend(array("I", [numbers[term] for term in terms]))
        self.lengths.append(len(terms))


class SegmentBuilder:
    """Documents on their way into one segment."""

    def __init__(self) -> None:
        self._fields = {name: _Field() for name in _FIELDS}
        self._rows = bytearray()
        self._kept: list[str] = []

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def is_full(self) -> bool:
        """Has another document to go into another segment?"""
        return len(self) >= MOST_DOCUMENTS or len(self._fields["grams"].terms) >= MOST_PLACES // 2

    def add(self, document: CutDocument) -> None:
        for name, field in self._fields.items():
            field.add(document.terms[name])
        self._rows += document.row
        self._kept.append(kept_terms(document.terms))

    def write(self, folder: str) -> W3Segment:
        """Write the segment's files; it is part of the index once a commit names it."""
        storage = FileStorage(folder)
        segment = W3Segment(W3Codec(), INDEX_NAME)
        segment.set_doc_count(len(self))
        segment._fieldlengths = {}
        terms = TermFile(segment.create_file(storage, W3Codec.TERMS_EXT))
        terms.extras["fieldmap"] = {}
        with segment.create_file(storage, W3Codec.POSTS_EXT) as postings:
            for number, name in enumerate(_FIELDS):
                field = self._fields[name]
                terms.extras["fieldmap"][name] = number
                names = sorted(field.numbers)
                lengths = np.asarray(field.lengths)
                codes = np.zeros(len(self), np.uint8)
                if SCHEMA[name].scorable:
                    codes = length_bytes(lengths)
                    segment._fieldlengths[name] = int(lengths.sum())
                    _write_column(storage, segment, f"_{name}_len", codes.tobytes())
                found = _sorted_postings(field, names, codes, with_places=isinstance(SCHEMA[name].format, Places))
                infos = write_postings(postings, found)
                prefix = pack_ushort(number)
                terms.add_all([(prefix + each.encode(), info) for each, info in zip(names, infos, strict=True)])
        terms.close()
        _write_column(storage, segment, "packed", bytes(self._rows))
        with storage.create_file(W3Codec.column_filename(segment, "_stored")) as file:
            column = _KEPT.writer(file)
            for document, kept in enumerate(self._kept):
                column.add(document, {"kept": kept})
            column.finish(len(self))
        return segment


def length_bytes(lengths: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Whoosh's byte for each length (``whoosh.util.numeric.length_to_byte``)."""
    different, places = np.unique(lengths, return_inverse=True)
    return np.array([length_to_byte(each) for each in different.tolist()], np.uint8)[places]


def _sorted_postings(
    field: _Field, names: Sequence[str], codes: NDArray[np.uint8], *, with_places: bool
) -> FieldPostings:
    """The field's terms as postings, in the order of ``names``; ``codes`` are the length bytes of all documents."""
    ranks = np.zeros(len(names), np.uint64)
    ranks[[field.numbers[name] for name in names]] = np.arange(len(names), dtype=np.uint64)
    lengths = np.asarray(field.lengths).astype(np.int64)
    keys = ranks[np.asarray(field.terms)] << np.uint64(40)
    keys |= np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths) << np.uint64(24)
    if with_places:
        keys |= (np.arange(len(keys)) - np.repeat(np.cumsum(lengths) - lengths, lengths)).astype(np.uint64)
    keys.sort()
    pairs = keys >> np.uint64(24)
    firsts = np.flatnonzero(np.diff(pairs, prepend=np.uint64(2**64 - 1)))
    found = pairs[firsts]
    documents = (found & np.uint64(MOST_DOCUMENTS - 1)).astype(np.int64)
    begins = np.searchsorted(found >> np.uint64(16), np.arange(len(names) + 1, dtype=np.uint64))
    ends = np.append(firsts, len(keys))
    return FieldPostings(
        begins=begins.astype(np.int64),
        documents=documents,
        frequencies=np.diff(ends),
        lengths=codes[documents],
        places=(keys & np.uint64(MOST_PLACES - 1)).astype("<u4").tobytes() if with_places else None,
        place_begins=ends if with_places else None,
    )


def _write_column(storage: FileStorage, segment: W3Segment, name: str, data: bytes) -> None:
    with storage.create_file(W3Codec.column_filename(segment, name)) as file:
        file.write(data)
