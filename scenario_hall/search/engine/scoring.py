"""Weighted BM25F over Whoosh's postings in vectors: Whoosh's own numbers, without its Python loop over postings.

A term's part of a document's score is (``whoosh.scoring.BM25F``; Robertson and Zaragoza 2009, with Whoosh's idf)

    boost · (ln(N / (n + 1)) + 1) · f · (K1 + 1) / (f + K1 · (1 − B + B · l / L))

with f the frequency in the field, l the field's length as Whoosh stores it (one byte), L its mean, n the documents
with the term and N all documents, deleted ones included until a merge drops them. For f below 64 the last factor is
looked up in a table by (f, length byte); a term's parts are kept, so a posting that was asked before costs one sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.postings import LENGTHS, TABLE_FREQUENCIES, Floats, Postings, SegmentReader

B, K1 = 0.75, 1.2
Places = NDArray[np.int64]


class WeightedTerm(NamedTuple):
    """A term of one field, and how much it counts."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Impacts:
    """A term in every segment of one state of the index: the documents, and what it gives each at boost 1."""

    documents: Places
    parts: Floats
    most: float
    """The highest of the parts; 0 where no document has the term."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.documents.nbytes + self.parts.nbytes + 300


class Scorer:
    """The scores of one state of the index. Made once for each; safe to share by threads."""

    def __init__(self, segments: Sequence[SegmentReader], cache: ArrayCache) -> None:
        self._cache = cache
        self.segments = list(segments)
        self._state = " ".join(segment.name for segment in self.segments)
        self.documents = sum(segment.size for segment in self.segments)
        self._tables: dict[str, Floats] = {}

    def score(self, needed: Iterable[WeightedTerm], helpful: Iterable[WeightedTerm] = ()) -> tuple[Places, Floats]:
        """The documents with at least one ``needed`` term, ascending, and their scores; ``helpful`` terms add to
        these. Shapes (hits,) and (hits,)."""
        scores = self._sums(needed)
        if scores is None:
            return np.zeros(0, np.int64), np.zeros(0)
        for segment in self.segments:
            if len(segment.deleted):
                scores[segment.deleted + segment.offset] = 0.0
        # A mask first: NumPy finds what is not False several times faster than what is not 0.0.
        places = np.flatnonzero(scores != 0.0)
        found = scores[places]
        more = self._sums(helpful) if len(places) else None
        if more is not None:
            found += more[places]
        return places, found

    def matching(self, terms: Iterable[WeightedTerm]) -> Places:
        """The documents with at least one of the terms, ascending, deleted ones left out."""
        return self.score(terms)[0]

    def matching_all(self, terms: Sequence[WeightedTerm]) -> Places:
        """The documents with every one of the terms, ascending, deleted ones left out."""
        found: list[Places] = []
        for segment in self.segments:
            lists = sorted((self._postings(segment, term).documents for term in terms), key=len)
            common = lists[0] if lists else np.zeros(0, np.int32)
            for other in lists[1:]:
                common = common[np.isin(common, other, assume_unique=True)]
            common = np.setdiff1d(common, segment.deleted, assume_unique=True)
            found.append(common.astype(np.int64) + segment.offset)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def with_run(self, field: str, run: Sequence[str]) -> Places:
        """The documents in which the terms of ``run`` stand one behind the other, ascending, deleted ones left out."""
        found: list[Places] = []
        for segment in self.segments:
            starts: NDArray[np.int64] | None = None
            for step, term in enumerate(run):
                here = segment.places(field, term) - step
                starts = here if starts is None else np.intersect1d(starts, here, assume_unique=True)
                if not len(starts):
                    break
            if starts is not None:
                documents = np.setdiff1d(starts >> 32, segment.deleted)
                found.append(documents + segment.offset)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def perfect_score(self, terms: Iterable[WeightedTerm]) -> float:
        """What a document would have that had every term as often as the one that has most of it; a term that stands
        nowhere counts as if it stood once, in a document of middling length, in its heaviest field."""
        if not self.documents:
            return 0.0
        by_term: dict[str, list[tuple[float, float]]] = {}
        for term in terms:
            by_term.setdefault(term.text, []).append((self._impacts(term).most * term.boost, term.boost))
        return sum(
            sum(most for most, _ in found) or self.idf(0) * max(boost for _, boost in found)
            for found in by_term.values()
        )

    def live(self) -> Places:
        """Every document that is not deleted."""
        alive = np.ones(self.documents, np.bool_)
        for segment in self.segments:
            alive[segment.deleted + segment.offset] = False
        return np.flatnonzero(alive)

    def idf(self, documents: int) -> float:
        """Whoosh's rarity of a term that so many documents have."""
        return log(self.documents / (documents + 1)) + 1

    def _sums(self, terms: Iterable[WeightedTerm]) -> Floats | None:
        """The sum of the terms' parts for every document, shape (documents,); None when no document has any.

        A document's parts are added in the order of the terms, as Whoosh adds them.
        """
        sums: Floats | None = None
        for term in terms:
            impacts = self._impacts(term)
            if len(impacts.documents):
                if sums is None:
                    sums = np.zeros(self.documents)
                np.add.at(sums, impacts.documents, impacts.parts if term.boost == 1 else impacts.parts * term.boost)
        return sums

    def _impacts(self, term: WeightedTerm) -> Impacts:
        return self._cache.get(("impacts", self._state, term.field, term.text), lambda: self._weighed(term))

    def _weighed(self, term: WeightedTerm) -> Impacts:
        found = [(segment, self._postings(segment, term)) for segment in self.segments]
        total = sum(len(postings.documents) for _, postings in found)
        documents, parts = np.empty(total, np.int64), np.empty(total)
        begin = 0
        for segment, postings in found:
            end = begin + len(postings.documents)
            if end > begin:
                np.add(postings.documents, segment.offset, out=documents[begin:end])
                self._parts(term.field, postings, parts[begin:end])
                begin = end
        if total:
            parts *= self.idf(total)
        return Impacts(documents, parts, float(parts.max(initial=0.0)))

    def _postings(self, segment: SegmentReader, term: WeightedTerm) -> Postings:
        return self._cache.get(
            ("postings", segment.name, term.field, term.text), lambda: segment.read(term.field, term.text)
        )

    def _parts(self, field: str, postings: Postings, out: Floats) -> None:
        """BM25F without boost and idf, into ``out`` of shape (postings,)."""
        if postings.cells is not None:
            np.take(self._table(field), postings.cells, out=out, mode="clip")
        elif postings.frequencies is not None and postings.lengths is not None:
            out[:] = self._saturated(field, postings.frequencies.astype(np.float64), LENGTHS[postings.lengths])
        else:
            raise ValueError(f"postings of {field} without frequencies")

    def _table(self, field: str) -> Floats:
        found = self._tables.get(field)
        if found is None:
            frequencies = np.arange(TABLE_FREQUENCIES, dtype=np.float64)[:, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                found = self._saturated(field, frequencies, LENGTHS).ravel()
            if not self.segments[0].is_scored(field):
                found = np.ones_like(found)
            self._tables[field] = found
        return found

    def _saturated(self, field: str, frequencies: Floats, lengths: Floats) -> Floats:
        # As Whoosh has it, a field without any length counts as 1 long.
        total = sum(segment.field_length(field) for segment in self.segments)
        average = total / (self.documents or 1) or 1.0
        return frequencies * (K1 + 1) / (frequencies + K1 * ((1 - B) + B * lengths / average))


def best(places: Places, scores: Floats, keys: Callable[[Places], Sequence[NDArray[np.generic]]], top: int) -> Places:
    """Positions, in the two arrays, of the ``top`` documents by score (descending), then by ``keys`` of their places
    (ascending, the first counts most). Only what can reach the top is sorted."""
    candidates = np.flatnonzero(scores >= _line(scores, top)) if top < len(scores) else np.arange(len(scores))
    order = np.lexsort((*reversed(keys(places[candidates])), -scores[candidates]))
    return candidates[order][:top]


BLOCK = 64


def _line(scores: Floats, top: int) -> float:
    """A score that at least ``top`` documents reach: the exact one for few documents; for many the ``top``-th of the
    blocks' highest, which is never above it."""
    if len(scores) > 4 * top * BLOCK:
        whole = len(scores) // BLOCK * BLOCK
        # Every so-manyth score is one block: read in order, that is several times faster than one behind the other.
        scores = scores[:whole].reshape(BLOCK, -1).max(axis=0)
    return float(np.partition(scores, len(scores) - top)[len(scores) - top])
