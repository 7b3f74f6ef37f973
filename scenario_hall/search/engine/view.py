"""One state of the index as searches see it: its scorer and its columns; a changed index gets a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from scenario_hall.language.text import grams
from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.columns import Columns
from scenario_hall.search.engine.index import SearchQuery, Sort
from scenario_hall.search.engine.plan import (
    Group,
    has_positive_clause,
    helpful_terms,
    needed_terms,
    phrase_of,
    synonym_groups,
    terms_of,
    weak_terms,
)
from scenario_hall.search.engine.postings import Floats, SegmentReader
from scenario_hall.search.engine.scoring import Places, Scorer, best
from scenario_hall.search.engine.store import Commit
from scenario_hall.search.query import Clause, Occurrence, ParsedQuery

Scored = tuple[Places, Floats]


class View:
    """The segments of one commit with arrays over them. Immutable, so that any number of threads may search it."""

    def __init__(
        self, commit: Commit, segments: Sequence[SegmentReader], cache: ArrayCache, before: View | None
    ) -> None:
        self.commit = commit
        self.scorer = Scorer(segments, cache)
        self.columns: Columns = Columns(self.scorer.segments, before.columns if before is not None else None)

    def moved(self, commit: Commit) -> View:
        """The same documents at another position of the log."""
        found = copy(self)
        found.commit = commit
        return found

    def everything(self) -> Places:
        """Every document that is not deleted."""
        return self.scorer.live()

    def find_codes(self, codes: Iterable[str]) -> dict[str, tuple[SegmentReader, int]]:
        """Where each of the codes that are in the index stands: its segment, and its number within it."""
        found: dict[str, tuple[SegmentReader, int]] = {}
        for code in codes:
            for segment in self.scorer.segments:
                documents = segment.read("code", code).documents
                for document in np.setdiff1d(documents, segment.deleted, assume_unique=True).tolist():
                    found[code] = segment, document
        return found

    def digest(self, segment: SegmentReader, document: int) -> int:
        """What stands for a document's content (``cutting.digest_of``)."""
        return int(self.columns.of(segment).columns["digest"][document])

    def find(self, parsed: ParsedQuery, asked: SearchQuery) -> tuple[Places, Floats, bool]:
        """The documents (ascending) that the text finds, their scores, and whether only characters were shared."""
        clauses = parsed.clauses
        is_widened = False
        if not has_positive_clause(clauses):
            places = self.everything()
            scores = np.zeros(len(places))
        else:
            places, scores = self._asked(parsed, asked.synonyms)
            if not len(places):
                places, scores = self.scorer.score(weak_terms(clauses))
                is_widened = bool(len(places))
        for clause in clauses:
            if clause.occurrence is Occurrence.NOT:
                stays = ~np.isin(places, self._without(clause))
                places, scores = places[stays], scores[stays]
        return places, scores, is_widened

    def ranked(self, places: Places, scores: Floats, sort: Sort, top: int) -> Places:
        """Positions in ``places`` of the first ``top``, in the order of ``sort``; ties by the newest, then by code."""
        last = np.inf
        match sort:
            case Sort.NEWEST:
                key = self.columns.numbers(places, "posted")
            case Sort.DEADLINE:
                ends = self.columns.numbers(places, "deadline")
                key = -np.where(np.isnan(ends), last, ends)
            case Sort.BUDGET:
                sums = self.columns.numbers(places, "high")
                key = np.where(np.isnan(sums), -last, sums)
            case _:
                key = scores

        def ties(near: Places) -> Sequence[NDArray[np.generic]]:
            return (-self.columns.numbers(near, "posted"), self.columns.numbers(near, "code"))

        return best(places, key, ties, top)

    def named(self, places: Places) -> list[tuple[str, str]]:
        """(code, kind) of each document; ``places`` in any order."""
        order = np.argsort(places, kind="stable")
        codes = self.columns.numbers(places[order], "code")
        kinds = self.columns.numbers(places[order], "kind")
        found: list[tuple[str, str]] = [("", "")] * len(places)
        for position, code, kind in zip(order.tolist(), codes.tolist(), kinds.tolist(), strict=True):
            found[position] = (code.decode(), kind.decode())
        return found

    def _asked(self, parsed: ParsedQuery, synonyms: Sequence[str]) -> Scored:
        found = self.scorer.score(needed_terms(parsed.clauses), helpful_terms(parsed.clauses))
        for group in synonym_groups(synonyms):
            found = _sum(found, self._whole(group, self.scorer.matching_all(group.terms)))
        phrases = [clause for clause in parsed.clauses if clause.is_phrase and clause.occurrence is Occurrence.SHOULD]
        runs = [self._whole(phrase_of(clause), self._phrase(clause)) for clause in phrases]
        for run in runs:
            found = _sum(found, run)
        if not parsed.has_or:
            # What stands between quotation marks has to be there, all of it; the words beside it help.
            for places, _ in runs:
                stays = np.isin(found[0], places)
                found = found[0][stays], found[1][stays]
        return found

    def _whole(self, group: Group, places: Places) -> Scored:
        """The score of a group's terms in the documents that have it whole."""
        if not len(places):
            return places, np.zeros(0)
        touched, scores = self.scorer.score(group.terms)
        return places, scores[np.searchsorted(touched, places)]

    def _phrase(self, clause: Clause) -> Places:
        """The documents that have the clause's characters and words as one run."""
        group = phrase_of(clause)
        candidates = self.scorer.matching_all(group.terms) if group.terms else np.zeros(0, np.int64)
        run = grams(clause.text)
        if len(run) < 2 or not len(candidates):
            return candidates
        return self.scorer.with_run("grams", run)

    def _without(self, clause: Clause) -> Places:
        return self._phrase(clause) if clause.is_phrase else self.scorer.matching(terms_of(clause))


def _sum(one: Scored, other: Scored) -> Scored:
    places = np.union1d(one[0], other[0])
    scores = np.zeros(len(places))
    for part, values in (one, other):
        scores[np.searchsorted(places, part)] += values
    return places, scores
