"""The embedded index: Whoosh, in generations that are swapped whole, with the log's position in the same commit."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import fields
from whoosh.analysis import Analyzer, Token
from whoosh.columns import FixedBytesColumn
from whoosh.index import FileIndex, create_in, open_dir

from scenario_hall.core.errors import StaleCursor
from scenario_hall.language import text
from scenario_hall.language.text import language_of
from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.by_meaning import MOST, NOTHING, is_exact, merged, reordered, without_words
from scenario_hall.search.engine.columns import PACKED, Mask, Selection, facet_words, packed_row
from scenario_hall.search.engine.index import (
    MAX_PAGE_SIZE,
    IndexDocument,
    SearchHit,
    SearchQuery,
    SearchResult,
    Sort,
    searched_texts,
)
from scenario_hall.search.engine.plan import positive_words
from scenario_hall.search.engine.postings import Floats
from scenario_hall.search.engine.scoring import Places, WeightedTerm
from scenario_hall.search.engine.vector_store import VectorStore
from scenario_hall.search.engine.view import CURSOR, View
from scenario_hall.search.query import parse

LOCK_SECONDS = 60
# Raised whenever the fields change or their classes move (Whoosh pickles them by module): an index of another format
# counts as none, and the log fills a new one. So, too, when ``language.text`` cuts words otherwise.
FORMAT = "5-"
RULES = "RULES"
# Segments are kept as separate files (compound=False): of a compound one, whoosh3 3.54 copies every part into memory
# each time it is opened, 0.3 s and hundreds of megabytes at 100,000 documents; separate ones are mapped.
# Below so many documents a rebuild is done before other processes have started.
MANY_DOCUMENTS = 2_000


class Pipeline(Analyzer):  # type: ignore[misc]
    """The words of our own text pipeline as Whoosh takes them; run where the document is written, on every core."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pipeline) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __call__(self, value: str, positions: bool = False, **_: Any) -> Iterator[Token]:
        cut: Callable[[str], list[str]] = getattr(text, self.name)
        token = Token(positions=positions)
        for place, word in enumerate(cut(value)):
            token.text, token.pos, token.boost = word, place, 1.0
            yield token


def schema() -> fields.Schema:
    """The fields of the index; words are cut by ``language.text``."""
    cut = fields.TEXT(analyzer=Pipeline("words"), phrase=False)
    return fields.Schema(
        code=fields.ID(unique=True, stored=True),
        title=cut,
        body=cut,
        organization=cut,
        tags=cut,
        slugs=fields.KEYWORD,
        facets=fields.KEYWORD,
        grams=fields.TEXT(analyzer=Pipeline("grams"), phrase=True),
        characters=fields.TEXT(analyzer=Pipeline("different_characters"), phrase=False),
        packed=fields.COLUMN(FixedBytesColumn(PACKED.itemsize)),
        position=fields.STORED,
    )


class WhooshIndex:
    """See ``index.SearchIndex``. Any number of processes read; one at a time writes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.vectors = VectorStore()
        directory.mkdir(parents=True, exist_ok=True)
        self.cache = ArrayCache()
        self._guard = RLock()
        self._current: View | None = None

    def position(self) -> int:
        return self.view().position

    def count(self) -> int:
        return len(self.view().everything())

    def rules(self) -> str:
        try:
            return (self.directory / self._named() / RULES).read_text()
        except FileNotFoundError:
            return ""

    def apply(
        self,
        documents: Sequence[IndexDocument],
        removed: Sequence[str],
        position: int,
        *,
        after: int | None = None,
        rules: str = "",
    ) -> None:
        if not self._named():
            self.rebuild((), 0)
        with self._writing():
            current = open_dir(str(self.directory / self._named()))
            if after is not None and (stands_at := _position_in(current)) != after:
                raise StaleCursor(f"the index stands at {stands_at}, not at {after}")
            writer = current.writer(compound=False)
            try:
                for code in removed:
                    writer.delete_by_term("code", code)
                for document in documents:
                    writer.update_document(**stored_fields(document))
                writer.update_document(code=CURSOR, position=position)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            if rules and not self.rules():
                (self.directory / self._named() / RULES).write_text(rules)

    def rebuild(self, documents: Iterable[IndexDocument], position: int, *, rules: str = "") -> int:
        target = self.directory / f"{FORMAT}{uuid.uuid4().hex}"
        target.mkdir()
        if rules:
            (target / RULES).write_text(rules)
        index = create_in(str(target), schema())
        first = list(islice(documents := iter(documents), MANY_DOCUMENTS))
        if len(first) < MANY_DOCUMENTS:
            writer = index.writer(limitmb=256, compound=False)
        else:
            # One segment a core, written by as many processes; forked, so that they know the taxonomy's words.
            cores = os.cpu_count() or 1
            writer = index.writer(
                procs=cores, multisegment=True, limitmb=256, batchsize=200, start_method="fork", compound=False
            )
        count = 0
        for count, document in enumerate(chain(first, documents), start=1):  # noqa: B007  the count is the answer
            writer.add_document(**stored_fields(document))
        writer.add_document(code=CURSOR, position=position)
        writer.commit()
        with self._writing():
            before = self._named()
            self._point_at(target.name)
            self._drop_all_but({target.name, before})
        return count

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
        with self._guard:
            name = self._named()
            if not name:
                self.rebuild((), 0)
                name = self._named()
            # Searcher.refresh() keeps the readers of old segments as they were, without what was deleted since
            # (whoosh3 3.54), so a changed index is opened anew; the arrays of its old segments are kept.
            known = self._current
            if known is None or name != known.generation or not known.searcher.up_to_date():
                searcher = open_dir(str(self.directory / name)).searcher()
                self._current = known = View(name, searcher, self.cache, known)
            return known

    def _named(self) -> str:
        try:
            name = (self.directory / "CURRENT").read_text().strip()
        except FileNotFoundError:
            return ""
        return name if name.startswith(FORMAT) else ""

    def _point_at(self, name: str) -> None:
        pointer = self.directory / f"CURRENT.{uuid.uuid4().hex}"
        pointer.write_text(name)
        pointer.replace(self.directory / "CURRENT")

    def _drop_all_but(self, kept: set[str]) -> None:
        # The generation before stays: a reader may just have read its name.
        for folder in self.directory.iterdir():
            if folder.is_dir() and folder.name not in kept and (folder / "_done").exists():
                shutil.rmtree(folder)
        for name in kept - {""}:
            (self.directory / name / "_done").touch()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time among all processes; given back by the system when the holder dies."""
        with (self.directory / "write.lock").open("w") as file:
            until = time.monotonic() + LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise TimeoutError(f"another process has been writing {self.directory} for a minute") from None
                    time.sleep(0.02)
            yield


def _position_in(index: FileIndex) -> int:
    with index.searcher() as searcher:
        stored = searcher.document(code=CURSOR)
    return int(stored["position"]) if stored else 0


def stored_fields(document: IndexDocument) -> dict[str, Any]:
    """A document as Whoosh takes it."""
    return {
        "code": document.code,
        **searched_texts(document),
        "facets": facet_words(document),
        "packed": packed_row(document),
    }
