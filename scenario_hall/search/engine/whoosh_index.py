"""The embedded index: Whoosh's segments, read and written as arrays, in commits that hold the log's position, too."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage

from scenario_hall.core.errors import StaleCursor
from scenario_hall.language.text import language_of
from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.by_meaning import MOST, NOTHING, is_exact, merged, reordered, without_words
from scenario_hall.search.engine.columns import PACKED, Mask, Selection
from scenario_hall.search.engine.cutting import CutDocument, cut_document, digest_of, read_kept_terms
from scenario_hall.search.engine.index import MAX_PAGE_SIZE, IndexDocument, SearchHit, SearchQuery, SearchResult, Sort
from scenario_hall.search.engine.merging import segments_to_merge
from scenario_hall.search.engine.plan import positive_words
from scenario_hall.search.engine.postings import Floats, SegmentReader, open_segments
from scenario_hall.search.engine.rebuilding import write_documents
from scenario_hall.search.engine.schema import SCHEMA
from scenario_hall.search.engine.scoring import Places, WeightedTerm
from scenario_hall.search.engine.segment_writer import SegmentBuilder
from scenario_hall.search.engine.store import Commit, Store
from scenario_hall.search.engine.vector_store import VectorStore
from scenario_hall.search.engine.view import View
from scenario_hall.search.query import parse

# A state may be replaced while its files are opened; the next one is then opened instead.
TRIES = 10


class WhooshIndex:
    """See ``index.SearchIndex``. Any number of processes read; one at a time writes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = Store(directory)
        self.vectors = VectorStore()
        self.cache = ArrayCache()
        self._guard = RLock()
        self._current: View | None = None

    def position(self) -> int:
        return self._commit().position

    def count(self) -> int:
        return len(self.view().everything())

    def rules(self) -> str:
        return self.store.rules(self._commit())

    def apply(
        self,
        documents: Sequence[IndexDocument],
        removed: Sequence[str],
        position: int,
        *,
        after: int | None = None,
        rules: str = "",
    ) -> None:
        self._commit()
        with self.store.writing():
            view = self.view()
            if after is not None and view.commit.position != after:
                raise StaleCursor(f"the index stands at {view.commit.position}, not at {after}")
            by_code = {document.code: document for document in documents}
            found = view.find_codes([*by_code, *removed])
            builder = SegmentBuilder()
            for code, document in by_code.items():
                digest = digest_of(document)
                if code in found and view.digest(*found[code]) == digest:
                    del found[code]  # an event told of the record, but nothing that is searched has changed
                else:
                    builder.add(cut_document(document, digest))
            if not found and not len(builder):
                self.store.move(view.commit, position)
            else:
                self._commit_changes(view, builder, found.values(), position)
            if rules and not self.store.rules(view.commit):
                self.store.say_rules(view.commit, rules)

    def rebuild(self, documents: Iterable[IndexDocument], position: int, *, rules: str = "") -> int:
        self._commit()
        with self.store.writing():  # so that no commit takes the files away while they are opened
            before = self._segments(self._commit(), ())
        made = self.store.new_generation()
        self.store.say_rules(made, rules)
        try:
            segments = write_documents(documents, str(self.store.folder(made)), before)
            with self.store.writing():
                self.store.commit(made, segments, position)
        except BaseException:
            self.store.drop(made)
            raise
        return sum(segment.doc_count_all() for segment in segments)

    def search(self, query: SearchQuery, now: datetime) -> SearchResult:
        begun = time.perf_counter()
        view = self.view()
        parsed = parse(query.text)
        asked = parsed.narrowed(query)
        places, scores, is_widened = view.find(parsed, asked)
        closeness = self.vectors.closeness(query.vector) if query.vector is not None and parsed.clauses else None
        extra = NOTHING
        if closeness is not None and asked.sort is Sort.RELEVANCE:
            if not is_exact(parsed):
                extra = without_words(view, closeness, language_of(query.text), places)
            scores = reordered(view, closeness, parsed, places, scores)
        order = np.argsort(np.concatenate([places, extra.places]), kind="stable")
        is_extra = order >= len(places)
        is_across = np.concatenate([np.zeros(len(places), np.bool_), extra.across])[order]
        places = np.concatenate([places, extra.places])[order]
        scores = np.concatenate([scores, extra.scores])[order]
        tagged = None
        if asked.tags:
            tagged = np.isin(places, view.scorer.matching([WeightedTerm("slugs", slug) for slug in asked.tags]))
        selection = Selection(view.columns, places, asked, now, tagged)
        passing = selection.passing()
        kept, kept_scores, is_extra, is_across = places[passing], scores[passing], is_extra[passing], is_across[passing]
        size = max(1, min(query.page_size, MAX_PAGE_SIZE))
        first = (max(1, query.page) - 1) * size
        shown = self._ranked(view, (kept, kept_scores, is_across), asked.sort, first + size, is_widened)[first:]
        hits = tuple(
            SearchHit(code, kind, score, by_meaning)
            for (code, kind), score, by_meaning in zip(
                view.named(kept[shown]), kept_scores[shown].tolist(), is_extra[shown].tolist(), strict=True
            )
        )
        return SearchResult(
            hits=hits,
            total=len(kept),
            facets=selection.facets(query.facets),
            milliseconds=(time.perf_counter() - begun) * 1000,
            words=positive_words(parsed.clauses),
            is_widened=is_widened,
        )

    @staticmethod
    def _ranked(
        view: View, found: tuple[Places, Floats, Mask], sort: Sort, top: int, is_widened: bool
    ) -> NDArray[np.int64]:
        """Positions of the first ``top``: what is in the query's language, and between it what is in another."""
        places, scores, is_across = found
        by_words, extra = np.flatnonzero(~is_across), np.flatnonzero(is_across)
        words = by_words[view.ranked(places[by_words], scores[by_words], sort, top)]
        if not len(extra):
            return words
        closest = extra[np.argsort(-scores[extra], kind="stable")][:MOST]
        return merged(words.tolist(), closest.tolist(), is_poor=is_widened)[:top]

    def view(self) -> View:
        """The last commit, opened; what is open already is not opened again."""
        with self._guard:
            for _ in range(TRIES):
                commit, known = self._commit(), self._current
                if known is not None and known.commit == commit:
                    return known
                try:
                    self._current = self._opened(commit, known)
                    return self._current
                except FileNotFoundError:
                    continue
            raise TimeoutError(f"{self.directory} changed {TRIES} times while it was opened")

    def _opened(self, commit: Commit, known: View | None) -> View:
        if known is not None and known.commit.generation != commit.generation:
            known = None
        elif known is not None and known.commit.number == commit.number:
            return known.moved(commit)
        opened = known.scorer.segments if known is not None else ()
        return View(commit, self._segments(commit, opened), self.cache, known)

    def _segments(self, commit: Commit, opened: Sequence[SegmentReader]) -> list[SegmentReader]:
        storage = FileStorage(str(self.store.folder(commit)))
        return open_segments(storage, SCHEMA, self.store.segments(commit), opened)

    def _commit(self) -> Commit:
        """The last commit; of an empty index where there was none."""
        return self.store.current() or self._begun()

    def _begun(self) -> Commit:
        with self.store.writing():
            return self.store.current() or self.store.commit(self.store.new_generation(), (), 0)

    def _commit_changes(
        self, view: View, builder: SegmentBuilder, gone: Iterable[tuple[SegmentReader, int]], position: int
    ) -> None:
        """Write what ``builder`` has, with small segments that it takes in, without the documents that are ``gone``."""
        segments = self.store.segments(view.commit)
        by_name = {segment.segment_id(): segment for segment in segments}
        for reader, document in gone:
            by_name[reader.name].delete_document(document)
        readers = {reader.name: reader for reader in view.scorer.segments}
        merged = segments_to_merge(segments, len(builder))
        for segment in merged:
            reader = readers[segment.segment_id()]
            rows = reader.packed("packed", PACKED)
            for document in range(reader.size):
                if not segment.is_deleted(document):
                    terms = read_kept_terms(reader.kept(document))
                    builder.add(CutDocument(terms["code"][0], rows[document].tobytes(), terms))
        kept = [segment for segment in segments if segment not in merged]
        if len(builder):
            kept.append(builder.write(str(self.store.folder(view.commit))))
        self.store.commit(view.commit, kept, position)
