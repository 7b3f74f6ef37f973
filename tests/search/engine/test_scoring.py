"""The scorer's documents and numbers are Whoosh's own, over random indexes, updates and queries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.writing import NO_MERGE

from scenario_hall.search.engine.array_cache import ArrayCache
from scenario_hall.search.engine.postings import open_segments
from scenario_hall.search.engine.scoring import Scorer, WeightedTerm, best

WORDS = ["岸桥", "巡检", "无人机", "a", "b", "c"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=90).map(" ".join)
# One commit: documents put in (replacing those of the same key), and keys taken out.
COMMITS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 12), TEXTS, TEXTS), max_size=8), st.lists(st.integers(0, 12), max_size=3)
    ),
    min_size=1,
    max_size=5,
)
TERMS = st.lists(
    st.builds(WeightedTerm, st.sampled_from(["title", "body"]), st.sampled_from([*WORDS, "没有"]), st.floats(0.1, 4)),
    min_size=1,
    max_size=6,
    unique_by=lambda term: (term.field, term.text),
)


def built(commits: list[tuple[list[tuple[int, str, str]], list[int]]]) -> FileIndex:
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
    index = RamStorage().create_index(fields.Schema(key=fields.ID(unique=True), title=text, body=text))
    for put, gone in commits:
        writer = index.writer()
        for key in gone:
            writer.delete_by_term("key", str(key))
        for key, title, body in put:
            writer.update_document(key=str(key), title=title, body=body)
        writer.commit(mergetype=NO_MERGE)
    return index


def scorer_of(index: FileIndex, cache: ArrayCache | None = None) -> Scorer:
    return Scorer(open_segments(index.storage, index.schema, index._segments()), cache or ArrayCache())


def whoosh_scores(index: FileIndex, asked: query.Query) -> dict[int, float]:
    with index.searcher() as searcher:
        return {number: score for score, number in searcher.search(asked, limit=None).top_n}


def ours(places: np.ndarray, scores: np.ndarray) -> dict[int, float]:
    return dict(zip(places.tolist(), scores.tolist(), strict=True))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(commits=COMMITS, needed=TERMS, helpful=TERMS)
def test_documents_and_scores_are_those_of_whoosh(commits, needed, helpful) -> None:  # type: ignore[no-untyped-def]
    index = built(commits)
    cache = ArrayCache()
    scorer = scorer_of(index, cache)
    asked = query.Or([query.Term(term.field, term.text, boost=term.boost) for term in needed])
    assert ours(*scorer.score(needed)) == pytest.approx(whoosh_scores(index, asked))
    more = query.Or([query.Term(term.field, term.text, boost=term.boost) for term in helpful])
    assert ours(*scorer.score(needed, helpful)) == pytest.approx(whoosh_scores(index, query.AndMaybe(asked, more)))
    # Warm, the numbers are the same to the last bit.
    again = scorer.score(needed, helpful)
    assert all(np.array_equal(*pair) for pair in zip(again, scorer.score(needed, helpful), strict=True))
    every = query.And([query.Term(term.field, term.text) for term in needed])
    assert scorer.matching_all(needed).tolist() == sorted(whoosh_scores(index, every))


@settings(max_examples=20)
@given(commits=COMMITS, needed=TERMS)
def test_an_update_keeps_what_was_read_of_old_segments(commits, needed) -> None:  # type: ignore[no-untyped-def]
    index = built(commits)
    cache = ArrayCache()
    scorer_of(index, cache).score(needed)
    writer = index.writer()
    writer.update_document(key="3", title="岸桥 岸桥", body="a " * 90)
    writer.commit(mergetype=NO_MERGE)
    asked = query.Or([query.Term(term.field, term.text, boost=term.boost) for term in needed])
    assert ours(*scorer_of(index, cache).score(needed)) == pytest.approx(whoosh_scores(index, asked))


def test_long_postings_are_read_across_blocks() -> None:
    """More than Whoosh's 128 postings a block, with frequencies beyond the table."""
    index = built([([(number, "岸桥 " * (1 + number % 90), "") for number in range(1000)], []), ([], [3, 500])])
    asked = WeightedTerm("title", "岸桥", 2.0)
    expected = whoosh_scores(index, query.Term("title", "岸桥", boost=2.0))
    assert len(expected) == 998
    assert ours(*scorer_of(index).score([asked])) == pytest.approx(expected)


@given(scores=st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), max_size=40), top=st.integers(1, 50))
def test_the_best_are_those_of_a_full_sort(scores: list[float], top: int) -> None:
    keys = np.arange(len(scores))[::-1] % 7
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], keys[place], place))[:top]
    assert best(np.arange(len(scores)), np.array(scores), lambda near: [keys[near]], top).tolist() == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(commits=COMMITS, terms=TERMS)
def test_no_document_has_more_than_the_perfect_score(commits, terms) -> None:  # type: ignore[no-untyped-def]
    scorer = scorer_of(built(commits))
    _, scores = scorer.score(terms)
    perfect = scorer.perfect_score(terms)
    assert scores.max(initial=0.0) <= perfect * (1 + 1e-9)
    # What stands nowhere is missing from every document.
    if scorer.documents:
        assert scorer.perfect_score([*terms, WeightedTerm("body", "nowhere")]) > perfect
