"""A segment that is written in bulk says what Whoosh's own writer would have written of the same terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, FileIndex, open_dir

from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.columns import PACKED
from scenario_hall.search.engine.cutting import FIELDS, CutDocument, kept_terms
from scenario_hall.search.engine.postings import open_segments
from scenario_hall.search.engine.schema import SCHEMA
from scenario_hall.search.engine.scoring import Scorer
from scenario_hall.search.engine.segment_writer import INDEX_NAME, SegmentBuilder

WORDS = ["岸桥", "巡检", "𠮷野", "é", "a", "b", "c", "zz"]
LISTS = st.lists(st.sampled_from(WORDS), max_size=40)
DOCUMENTS = st.lists(
    st.fixed_dictionaries({name: LISTS for name in FIELDS if name not in ("code", "characters")}), max_size=12
)


def cut(number: int, fields: dict[str, list[str]]) -> CutDocument:
    code = f"S-{number}"
    row = np.array([(code.encode(), b"scenario", 1.0, 2.0, 3.0, 4.0, 5, number)], PACKED).tobytes()
    different = {name: list(dict.fromkeys(fields[name])) for name in ("slugs", "facets")}
    characters = list(dict.fromkeys(fields["grams"]))
    return CutDocument(code, row, {**fields, **different, "characters": characters, "code": [code]})


def in_bulk(folder: Path, documents: list[CutDocument]) -> FileIndex:
    builder = SegmentBuilder()
    for document in documents:
        builder.add(document)
    segment = builder.write(str(folder))
    TOC(SCHEMA, [segment], 1).write(FileStorage(str(folder)), INDEX_NAME)
    return open_dir(str(folder))


def by_whoosh(documents: list[CutDocument]) -> FileIndex:
    index = RamStorage().create_index(SCHEMA)
    writer = index.writer(compound=False)
    for document in documents:
        texts = {name: " ".join(document.terms[name]) for name in FIELDS}
        writer.add_document(**texts, packed=document.row, kept=kept_terms(document.terms))
    writer.commit()
    return index


def told(index: FileIndex, name: str) -> dict[str, Any]:
    """All that the index says of one field, in Whoosh's own words."""
    with index.reader() as reader:
        found: dict[str, Any] = {"length": reader.field_length(name)}
        for term in reader.lexicon(name):
            info = reader.term_info(name, term)
            numbers = (info.weight(), info.doc_frequency(), info.min_length(), info.max_length(), info.max_weight())
            matcher = reader.postings(name, term)
            postings = []
            while matcher.is_active():
                value = matcher.value() or b""
                postings.append((matcher.id(), matcher.weight(), value, matcher.block_max_weight()))
                matcher.next()
            found[term] = (numbers, info.min_id(), info.max_id(), postings)
        return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(documents=DOCUMENTS)
def test_every_field_says_what_whoosh_would_have_written(tmp_path: Path, documents: list[dict[str, list[str]]]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    cuts = [cut(number, fields) for number, fields in enumerate(documents)]
    ours, theirs = in_bulk(folder, cuts), by_whoosh(cuts)
    for name in FIELDS:
        assert told(ours, name) == told(theirs, name), name
    with ours.reader() as one, theirs.reader() as other:
        assert [dict(each) for _, each in one.iter_docs()] == [dict(each) for _, each in other.iter_docs()]
        assert list(one.column_reader("packed")) == [document.row for document in cuts]


def test_postings_of_many_blocks_are_whole(tmp_path: Path) -> None:
    """More than 128 documents a term, frequencies that differ, and places."""
    fields: dict[str, list[str]] = {name: [] for name in FIELDS}
    cuts = [
        cut(number, {**fields, "body": ["岸桥"] * (1 + number % 90), "grams": ["a"] * (number % 3) + ["b", "a"]})
        for number in range(700)
    ]
    ours, theirs = in_bulk(tmp_path, cuts), by_whoosh(cuts)
    for name in ("body", "grams", "code"):
        assert told(ours, name) == told(theirs, name)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    texts=st.lists(st.lists(st.sampled_from("abc"), max_size=12), min_size=1, max_size=6),
    run=st.lists(st.sampled_from("abc"), min_size=2, max_size=4),
)
def test_a_run_is_found_where_whoosh_finds_the_phrase(tmp_path: Path, texts: list[list[str]], run: list[str]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    fields: dict[str, list[str]] = {name: [] for name in FIELDS}
    index = in_bulk(folder, [cut(number, {**fields, "grams": text}) for number, text in enumerate(texts)])
    scorer = Scorer(open_segments(index.storage, SCHEMA, index._segments()), ArrayCache())
    with index.searcher() as searcher:
        expected = sorted(searcher.docs_for_query(query.Phrase("grams", run)))
    assert scorer.with_run("grams", run).tolist() == expected
