"""Which segments are written together with a new one, so that many small commits leave few segments.

Segments are ranked by the power of ten of their documents; where a rank would have ten, they become one of the next.
Each document is so written once for each rank: log₁₀ n times, most of them among few others (O'Neil et al. 1996, the
log-structured merge tree)."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh.codec.whoosh3 import W3Segment

from scenario_hall.search.engine.segment_writer import MOST_DOCUMENTS

MOST_OF_A_RANK = 10
# A segment of more documents than this stays as it is: writing it again takes seconds.
MOST_MERGED = MOST_DOCUMENTS // 2


def segments_to_merge(segments: Sequence[W3Segment], documents: int) -> list[W3Segment]:
    """Those that a new segment of so many ``documents`` takes in; those with nothing left in them among them."""
    found = [segment for segment in segments if not _live(segment)]
    rest = [segment for segment in segments if 0 < _live(segment) <= MOST_MERGED]
    total = documents
    while True:
        rank = _rank(total)
        alike = sorted((segment for segment in rest if _rank(_live(segment)) <= rank), key=_live)
        if sum(_rank(_live(segment)) == rank for segment in alike) + 1 < MOST_OF_A_RANK:
            return found
        taken = []
        for segment in alike:
            if total + _live(segment) <= MOST_DOCUMENTS:
                taken.append(segment)
                total += _live(segment)
        if not taken:
            return found
        found += taken
        rest = [segment for segment in rest if segment not in taken]


def _live(segment: W3Segment) -> int:
    return int(segment.doc_count_all()) - int(segment.deleted_count())


def _rank(documents: int) -> int:
    return len(str(documents))
