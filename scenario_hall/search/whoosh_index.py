"""The embedded index: Whoosh, in generations that are swapped whole, with the log's position in the same commit."""

from __future__ import annotations

import fcntl
import shutil
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any

from whoosh import fields, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.index import create_in, open_dir
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from scenario_hall.search.columns import Columns, Row, closes_before, in_budget, passes
from scenario_hall.search.index import (
    BUDGET_BANDS,
    DAY_BANDS,
    MAX_PAGE_SIZE,
    READINESS_BANDS,
    IndexDocument,
    SearchHit,
    SearchQuery,
    SearchResult,
    Sort,
)
from scenario_hall.search.query import Clause, Occurrence, parse
from scenario_hall.search.text import characters, grams, words

CURSOR = "~cursor"
FACETS = ("kind", "domain", "region", "status", "budget", "readiness", "deadline", "posted")
WEIGHTS = {"title": 3.0, "tags": 2.0, "body": 1.0, "organization": 1.0}
GRAM_WEIGHT = 0.25
CHARACTER_WEIGHT = 0.05
LOCK_SECONDS = 60


def _schema() -> fields.Schema:
    # The text pipeline has cut the words; Whoosh only splits at the spaces between them.
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    return fields.Schema(
        code=fields.ID(unique=True, stored=True),
        title=text,
        body=text,
        organization=text,
        tags=text,
        slugs=fields.KEYWORD,
        grams=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True),
        characters=text,
        row=fields.STORED,
    )


class WhooshIndex:
    """See ``search.index.SearchIndex``. Any number of processes read; one at a time writes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._guard = RLock()
        self._generation = ""
        self._searcher: Searcher | None = None
        self._columns = Columns()

    def position(self) -> int:
        stored = self._open().document(code=CURSOR)
        return int(stored["row"]["position"]) if stored else 0

    def count(self) -> int:
        return sum(1 for _ in self._columns_of(self._open()).live())

    def apply(self, documents: Sequence[IndexDocument], removed: Sequence[str], position: int) -> None:
        if not self._named():
            self.rebuild((), 0)
        with self._writing():
            writer = open_dir(str(self.directory / self._named())).writer()
            try:
                for code in removed:
                    writer.delete_by_term("code", code)
                for document in documents:
                    writer.update_document(**_stored(document))
                writer.update_document(code=CURSOR, row={"position": position})
            except BaseException:
                writer.cancel()
                raise
            writer.commit()

    def rebuild(self, documents: Iterable[IndexDocument], position: int) -> int:
        target = self.directory / uuid.uuid4().hex
        target.mkdir()
        writer: IndexWriter = create_in(str(target), _schema()).writer(limitmb=256)
        count = 0
        for count, document in enumerate(documents, start=1):  # noqa: B007  the count is the answer
            writer.add_document(**_stored(document))
        writer.add_document(code=CURSOR, row={"position": position})
        writer.commit(optimize=True)
        with self._writing():
            before = self._named()
            self._point_at(target.name)
            self._drop_all_but({target.name, before})
        return count

    def search(self, query: SearchQuery, now: datetime) -> SearchResult:
        begun = time.perf_counter()
        searcher = self._open()
        columns = self._columns_of(searcher)
        clauses = parse(query.text)
        is_widened = False
        if any(clause.occurrence is Occurrence.SHOULD for clause in clauses):
            scores = _scores(searcher, _strong(clauses), clauses)
            if not scores:
                scores = _scores(searcher, _weak(clauses), clauses)
                is_widened = bool(scores)
        else:
            scores = dict.fromkeys((number for number, _ in columns.live()), 0.0)
            for number in _excluded(searcher, clauses):
                scores.pop(number, None)
        rows = [(number, row) for number in scores if (row := columns.row(number)) is not None]
        kept = [(number, row) for number, row in rows if passes(row, query, now)]
        kept.sort(key=lambda pair: _order(pair[1], scores[pair[0]], query))
        size = max(1, min(query.page_size, MAX_PAGE_SIZE))
        first = (max(1, query.page) - 1) * size
        hits = tuple(
            SearchHit(code=row.code, kind=row.kind, score=scores[number]) for number, row in kept[first : first + size]
        )
        return SearchResult(
            hits=hits,
            total=len(kept),
            facets=_facets(rows, query, now),
            milliseconds=(time.perf_counter() - begun) * 1000,
            words=tuple(dict.fromkeys(_positive_words(clauses))),
            is_widened=is_widened,
        )

    def _open(self) -> Searcher:
        with self._guard:
            name = self._named()
            if not name:
                self.rebuild((), 0)
                name = self._named()
            # Searcher.refresh() keeps the readers of old segments as they were, without what was deleted since
            # (whoosh3 3.54), so a changed index is opened anew; the rows of its old segments are kept.
            if name != self._generation or self._searcher is None or not self._searcher.up_to_date():
                self._searcher = open_dir(str(self.directory / name)).searcher()
                self._generation = name
            return self._searcher

    def _columns_of(self, searcher: Searcher) -> Columns:
        with self._guard:
            self._columns.follow(searcher)
            return self._columns

    def _named(self) -> str:
        try:
            return (self.directory / "CURRENT").read_text().strip()
        except FileNotFoundError:
            return ""

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


def _stored(document: IndexDocument) -> dict[str, Any]:
    everything = "\n".join((document.title, document.body, document.tag_words))
    return {
        "code": document.code,
        "title": " ".join(words(document.title)),
        "body": " ".join(words(document.body)),
        "organization": " ".join(words(document.organization)),
        "tags": " ".join(words(document.tag_words)),
        "slugs": " ".join((*document.tags, *document.domains)),
        "grams": " ".join(grams(everything)),
        "characters": " ".join(dict.fromkeys(characters(everything))),
        "row": Row.of(document).stored(),
    }


def _strong(clauses: Sequence[Clause]) -> query.Query:
    """What a hit must share with the query: a word of it, in any field; a phrase as a run."""
    parts: list[query.Query] = []
    optional: list[query.Query] = []
    for clause in clauses:
        if clause.occurrence is Occurrence.NOT:
            continue
        if clause.is_phrase:
            parts.append(_phrase(clause))
            continue
        parts += _terms(clause)
        if not clause.field:
            optional += [query.Term("grams", gram, boost=GRAM_WEIGHT) for gram in dict.fromkeys(grams(clause.text))]
    if not parts:
        return query.NullQuery
    strong = query.Or(parts)
    return query.AndMaybe(strong, query.Or(optional)) if optional else strong


def _weak(clauses: Sequence[Clause]) -> query.Query:
    """Two characters in a row, or one, shared with the query: better than an empty page."""
    parts: list[query.Query] = []
    for clause in clauses:
        if clause.occurrence is Occurrence.SHOULD and not clause.is_phrase and not clause.field:
            parts += [query.Term("grams", gram, boost=GRAM_WEIGHT) for gram in dict.fromkeys(grams(clause.text))]
            parts += [query.Term("characters", each, boost=CHARACTER_WEIGHT) for each in characters(clause.text)]
    return query.Or(parts) if parts else query.NullQuery


def _terms(clause: Clause) -> list[query.Query]:
    if clause.field == "code":
        return [query.Term("code", clause.text.upper())]
    named = {"title": ("title",), "org": ("organization",), "tag": ("tags", "slugs")}.get(clause.field)
    found: list[query.Query] = []
    for word in dict.fromkeys(words(clause.text)):
        found += [query.Term(name, word, boost=WEIGHTS.get(name, 1.0)) for name in named or WEIGHTS]
    if clause.field == "tag":
        found.append(query.Term("slugs", clause.text.lower()))
    elif not clause.field and clause.text.upper().startswith(("S-", "P-")):
        found.append(query.Term("code", clause.text.upper(), boost=10.0))
    return found


def _phrase(clause: Clause) -> query.Query:
    run = grams(clause.text)
    if not run:
        return query.NullQuery
    if len(run) == 1:
        single = "characters" if len(run[0]) == 1 else "grams"
        return query.Term(single, run[0])
    return query.Phrase("grams", run)


def _excluded(searcher: Searcher, clauses: Sequence[Clause]) -> set[int]:
    numbers: set[int] = set()
    for clause in clauses:
        if clause.occurrence is Occurrence.NOT:
            parts = [_phrase(clause)] if clause.is_phrase else _terms(clause)
            numbers.update(searcher.docs_for_query(query.Or(parts)))
    return numbers


def _scores(searcher: Searcher, asked: query.Query, clauses: Sequence[Clause]) -> dict[int, float]:
    if asked == query.NullQuery:
        return {}
    results = searcher.search(asked, limit=None)
    excluded = _excluded(searcher, clauses)
    return {number: score for score, number in results.top_n if number not in excluded}


def _positive_words(clauses: Sequence[Clause]) -> list[str]:
    return [word for clause in clauses if clause.occurrence is Occurrence.SHOULD for word in words(clause.text)]


def _order(row: Row, score: float, asked: SearchQuery) -> tuple[Any, ...]:
    last = float("inf")
    match asked.sort:
        case Sort.NEWEST:
            return (-row.posted, row.code)
        case Sort.DEADLINE:
            return (row.deadline if row.deadline is not None else last, -row.posted, row.code)
        case Sort.BUDGET:
            top = row.budget_high if row.budget_high is not None else row.budget_low
            return (-top if top is not None else last, -row.posted, row.code)
    return (-score, -row.posted, row.code)


def _facets(rows: Sequence[tuple[int, Row]], asked: SearchQuery, now: datetime) -> dict[str, dict[str, int]]:
    """How many hits each value of a dimension would give: its own filter is left out, all others count."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, row in rows:
        if passes(row, asked, now, but="kind"):
            counts["kind"][row.kind] += 1
        if passes(row, asked, now, but="domain"):
            counts["domain"].update(row.domains)
        if passes(row, asked, now, but="region"):
            counts["region"].update(row.regions)
        if passes(row, asked, now, but="status"):
            counts["status"][row.status(now)] += 1
        if row.readiness is not None and passes(row, asked, now, but="readiness"):
            counts["readiness"].update(str(level) for level in READINESS_BANDS if row.readiness >= level)
        if passes(row, asked, now, but="budget"):
            counts["budget"].update(band_name(low, high) for low, high in BUDGET_BANDS if in_budget(row, low, high))
        if passes(row, asked, now, but="deadline"):
            ends = ((days, now + timedelta(days=days)) for days in DAY_BANDS)
            counts["deadline"].update(str(days) for days, end in ends if closes_before(row, end))
        if passes(row, asked, now, but="posted"):
            begins = ((days, (now - timedelta(days=days)).timestamp()) for days in DAY_BANDS)
            counts["posted"].update(str(days) for days, begin in begins if row.posted >= begin)
    return {name: dict(counts[name].most_common()) for name in FACETS}


def band_name(low: float | None, high: float | None) -> str:
    """A band of sums as it stands in an address: “300000-1000000”, open ends empty."""
    return "-".join("" if end is None else f"{end:.0f}" for end in (low, high))
