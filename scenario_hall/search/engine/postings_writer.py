"""Postings written in bulk as Whoosh's W3 codec stores them.

Whoosh adds one posting at a time, some 10 µs each; here all postings of a field are arrays, what a block says of itself
is computed for all blocks at once, and only the blocks themselves are put together one by one. A block is
(``whoosh.codec.whoosh3.W3PostingsWriter``)

    length (negative: the last of its term) · pickle of (count, last document, highest weight, compression, shortest,
    longest) · pickle of (documents as gaps, weights, values), compressed or not

with a header before the first of each term. Blocks are not compressed: that would take longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pickle import dumps
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.filedb.structfile import StructFile

BLOCK = 128  # postings, as the codec's readers are used to
_PICKLE = 4
_LENGTH = Struct("!i")
# ``whoosh.codec.whoosh3.W3TermInfo`` with where the postings are.
_TERM_INFO = np.dtype(
    [
        ("flags", "u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("shortest", "u1"),
        ("longest", "u1"),
        ("most", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("place", ">i8"),
        ("bytes", ">i4"),
    ]
)
# So many blocks are put together before they are written: their values are Python's numbers meanwhile.
_AT_ONCE = 4096


@dataclass(frozen=True)
class FieldPostings:
    """The postings of a field's terms, one term after the other.

    ``begins``: where each term's begin, shape (terms + 1,). ``documents`` (ascending within a term) and
    ``frequencies``, shape (postings,). ``lengths``: of the documents in this field as Whoosh's bytes, shape
    (postings,), zeros where they do not count. Where places are kept, ``places``: those of all postings one after the
    other, and ``place_begins``: where each posting's begin.
    """

    begins: NDArray[np.int64]
    documents: NDArray[np.int64]
    frequencies: NDArray[np.int64]
    lengths: NDArray[np.uint8]
    places: bytes | None = None
    place_begins: NDArray[np.int64] | None = None


def write_postings(file: StructFile, postings: FieldPostings) -> list[bytes]:
    """Write all terms' postings; returns each term's info as Whoosh keeps it beside the term."""
    terms = len(postings.begins) - 1
    if not terms:
        return []
    firsts = postings.begins[:-1]
    counts = np.diff(postings.begins)
    info = np.zeros(terms, _TERM_INFO)
    info["weight"] = np.add.reduceat(postings.frequencies, firsts)
    info["documents"] = counts
    info["shortest"] = np.minimum.reduceat(postings.lengths, firsts)
    info["longest"] = np.maximum.reduceat(postings.lengths, firsts)
    info["most"] = np.maximum.reduceat(postings.frequencies, firsts)
    info["first"] = postings.documents[firsts]
    info["last"] = postings.documents[postings.begins[1:] - 1]
    number = (counts + BLOCK - 1) // BLOCK  # blocks a term
    ends = np.cumsum(number)
    sizes = _write_blocks(file, postings, number, ends, base := file.tell())
    places = np.concatenate([[base], base + np.cumsum(np.add.reduceat(sizes, ends - number))])
    info["place"] = places[:-1]
    info["bytes"] = np.diff(places)
    data, size = info.tobytes(), _TERM_INFO.itemsize
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


def _write_blocks(
    file: StructFile, postings: FieldPostings, number: NDArray[np.int64], ends: NDArray[np.int64], base: int
) -> NDArray[np.int64]:
    """Write every block; returns the bytes of each, the header before a term's first included."""
    total = int(ends[-1])
    term = np.repeat(np.arange(len(number)), number)
    within = np.arange(total) - (ends - number)[term]
    begin = postings.begins[term] + BLOCK * within
    end = np.minimum(begin + BLOCK, postings.begins[term + 1])
    gaps = np.diff(postings.documents, prepend=0)
    gaps[begin] = postings.documents[begin]
    is_first, is_last = within == 0, within + 1 == number[term]
    most = np.maximum.reduceat(postings.frequencies, begin)
    least = np.minimum.reduceat(postings.frequencies, begin)
    shortest = np.minimum.reduceat(postings.lengths, begin)
    longest = np.maximum.reduceat(postings.lengths, begin)
    last = postings.documents[end - 1]
    sizes: list[int] = []
    for low in range(0, total, _AT_ONCE):
        part = slice(low, min(low + _AT_ONCE, total))
        start, stop = int(begin[part.start]), int(end[part.stop - 1])
        columns: list[Any] = [
            column[part].tolist() for column in (begin - start, end - start, is_first, is_last, last, least, most)
        ]
        columns += [shortest[part].tolist(), longest[part].tolist()]
        numbers = gaps[start:stop].tolist()
        weights = postings.frequencies[start:stop].astype(np.float64).tolist()
        values = list(_values(postings, start, stop))
        blocks: list[bytes] = []
        for one, two, opens, closes, final, low_weight, high, short, long in zip(*columns, strict=True):
            if low_weight == high:
                weighed: Any = None if high == 1 else float(high)
            else:
                weighed = tuple(weights[one:two])
            data = dumps((tuple(numbers[one:two]), weighed, tuple(values[one:two]) if values else None), _PICKLE)
            info = dumps((two - one, final, float(high), 0, short, long), _PICKLE)
            length = len(info) + len(data)
            head = _LENGTH.pack(-length if closes else length)
            blocks.append(b"".join((WHOOSH3_HEADER_MAGIC if opens else b"", head, info, data)))
        file.write(b"".join(blocks))
        sizes += map(len, blocks)
    return np.array(sizes, np.int64)


def _values(postings: FieldPostings, start: int, stop: int) -> Iterator[bytes]:
    """The places of each posting from ``start`` to ``stop``; none where the field keeps none."""
    if postings.places is None or postings.place_begins is None:
        return
    bounds: Sequence[int] = (postings.place_begins[start : stop + 1] * 4).tolist()
    for begin, end in pairwise(bounds):
        yield postings.places[begin:end]
