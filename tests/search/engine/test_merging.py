"""Many small commits leave few segments, no large one is written again, and each document is written few times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from whoosh.codec.whoosh3 import W3Codec, W3Segment

from scenario_hall.search.engine.merging import MOST_MERGED, MOST_OF_A_RANK, segments_to_merge
from scenario_hall.search.engine.segment_writer import INDEX_NAME, MOST_DOCUMENTS


def segment(documents: int, deleted: int = 0) -> W3Segment:
    made = W3Segment(W3Codec(), INDEX_NAME, documents)
    for number in range(deleted):
        made.delete_document(number)
    return made


def committed(segments: list[W3Segment], documents: int) -> int:
    """One commit of so many documents; returns how many documents were written with it."""
    merged = segments_to_merge(segments, documents)
    total = documents + sum(each.doc_count_all() - each.deleted_count() for each in merged)
    segments[:] = [each for each in segments if each not in merged]
    if total:
        segments.append(segment(total))
    return total


@given(sizes=st.lists(st.sampled_from([0, 1, 2, 9, 50, 500, 5_000]), max_size=120))
def test_there_are_never_many_segments(sizes: list[int]) -> None:
    segments: list[W3Segment] = []
    for size in sizes:
        committed(segments, size)
        by_rank = [len(str(each.doc_count_all())) for each in segments if each.doc_count_all() <= MOST_MERGED]
        assert all(by_rank.count(rank) < MOST_OF_A_RANK for rank in set(by_rank))
        assert all(each.doc_count_all() <= MOST_DOCUMENTS for each in segments)
    assert sum(each.doc_count_all() for each in segments) == sum(sizes)


def test_a_document_is_written_a_few_times_and_not_for_each_commit() -> None:
    segments: list[W3Segment] = []
    written = sum(committed(segments, 1) for _ in range(3_000))
    assert written < 3_000 * 10
    assert len(segments) <= 4 * (MOST_OF_A_RANK - 1)


def test_large_segments_stay_and_empty_ones_go() -> None:
    large = [segment(MOST_MERGED + 1) for _ in range(20)]
    empty = segment(7, deleted=7)
    assert segments_to_merge([*large, empty], 1) == [empty]


def test_what_is_left_of_a_segment_tells_its_rank() -> None:
    nearly_empty = [segment(3_000, deleted=2_999) for _ in range(MOST_OF_A_RANK)]
    assert segments_to_merge(nearly_empty, 1) == nearly_empty
