"""SQLite FTS5 and tantivy on the same words, filters and facets, for ``benchmarks.search`` only."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import tantivy

from scenario_hall.language.text import words
from scenario_hall.search.engine.index import IndexDocument, SearchQuery


class Fts5:
    """Words in two columns of an FTS5 table, the filters' values in a plain one."""

    def __init__(self, folder: Path, corpus: Sequence[IndexDocument]) -> None:
        self.base = sqlite3.connect(folder / "fts5.sqlite")
        self.base.executescript(
            "PRAGMA cache_size = -400000;"
            "CREATE VIRTUAL TABLE words USING fts5(title, body, content='', tokenize='unicode61');"
            "CREATE TABLE meta (id INTEGER PRIMARY KEY, code TEXT, kind TEXT, domain TEXT, region TEXT, status TEXT);"
        )
        rows = [(n, " ".join(words(each.title)), " ".join(words(each.body))) for n, each in enumerate(corpus)]
        meta = [(n, each.code, each.kind, each.domains[0], each.region[0], each.state) for n, each in enumerate(corpus)]
        with self.base:
            self.base.executemany("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", rows)
            self.base.executemany("INSERT INTO meta VALUES (?, ?, ?, ?, ?, ?)", meta)

    def search(self, asked: Sequence[str], wanted: SearchQuery) -> list[str]:
        text, marks = _or(asked), ",".join("?" * len(wanted.domains))
        kept = f"FROM words JOIN meta ON meta.id = words.rowid WHERE words MATCH ? AND kind = ? AND domain IN ({marks})"
        values = [text, wanted.kind, *wanted.domains]
        found = self.base.execute(f"SELECT code {kept} ORDER BY bm25(words, 3.0, 1.0) LIMIT 10", values).fetchall()
        for facet in wanted.facets:
            self.base.execute(f"SELECT {facet}, count(*) {kept} GROUP BY {facet}", values).fetchall()
        return [code for (code,) in found]

    def terms(self, asked: Sequence[str]) -> list[int]:
        found = self.base.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 0.0, 1.0) LIMIT 20", [_or(asked)]
        )
        return [number for (number,) in found]


class Tantivy:
    """The same in tantivy: whitespace tokens, raw fast fields for filters and facets."""

    def __init__(self, folder: Path, corpus: Sequence[IndexDocument]) -> None:
        folder.mkdir()
        builder = tantivy.SchemaBuilder()
        for name in ("title", "body"):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        for name in ("code", "kind", "domain", "region", "status"):
            builder.add_text_field(name, stored=name == "code", fast=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        index = tantivy.Index(self.schema, str(folder))
        writer = index.writer(256 * 2**20)
        for each in corpus:
            writer.add_document(
                tantivy.Document(
                    title=" ".join(words(each.title)),
                    body=" ".join(words(each.body)),
                    code=each.code,
                    kind=each.kind,
                    domain=each.domains[0],
                    region=each.region[0],
                    status=each.state,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def search(self, asked: Sequence[str], wanted: SearchQuery) -> list[str]:
        text = self._any([("title", word, 3.0) for word in asked] + [("body", word, 1.0) for word in asked])
        kind = tantivy.Query.term_query(self.schema, "kind", wanted.kind)
        domain = tantivy.Query.term_set_query(self.schema, "domain", list(wanted.domains))
        must = tantivy.Occur.Must
        both = tantivy.Query.boolean_query(
            [
                (must, text),
                (must, tantivy.Query.const_score_query(kind, 0.0)),
                (must, tantivy.Query.const_score_query(domain, 0.0)),
            ]
        )
        found = self.searcher.search(both, 10)
        self.searcher.aggregate(both, {name: {"terms": {"field": name, "size": 50}} for name in wanted.facets})
        return [self.searcher.doc(address)["code"][0] for _, address in found.hits]

    def terms(self, asked: Sequence[str]) -> int:
        text = self._any([("body", word, 1.0 + n % 3) for n, word in enumerate(asked)])
        return len(self.searcher.search(text, 20).hits)

    def _any(self, terms: Sequence[tuple[str, str, float]]) -> tantivy.Query:
        parts = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, word), boost)
            for field, word, boost in terms
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def _or(asked: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in asked)
