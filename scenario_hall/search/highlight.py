"""Show what was found, in the author's own spelling and script."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass

from scenario_hall.language.folding import end_of, fold, fold_with_origins
from scenario_hall.language.text import tokens


@dataclass(frozen=True)
class Segment:
    text: str
    is_hit: bool


def highlight(text: str, terms: Collection[str], names: Collection[str] = ()) -> list[Segment]:
    """``text`` cut into segments; a hit is a word whose folded form is among ``terms``, or one of the ``names`` as a
    whole. Joined, they are ``text``."""
    segments: list[Segment] = []
    done = 0
    for start, end in _merged(_hits(text, terms, names)):
        if start > done:
            segments.append(Segment(text[done:start], is_hit=False))
        segments.append(Segment(text[start:end], is_hit=True))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:], is_hit=False))
    return segments


def snippet(text: str, terms: Collection[str], names: Collection[str] = (), width: int = 160) -> list[Segment]:
    """About ``width`` characters of ``text`` around the most hits, highlighted, with … where it was cut."""
    flat = " ".join(text.split())
    if len(flat) <= width:
        return highlight(flat, terms, names)
    places = [start for start, _ in _hits(flat, terms, names)]
    start = 0
    if places:
        start = max(0, min(_densest(places, width) - width // 8, len(flat) - width))
    cut = flat[start : start + width]
    segments = highlight(cut, terms, names)
    if start:
        segments.insert(0, Segment("…", is_hit=False))
    if start + width < len(flat):
        segments.append(Segment("…", is_hit=False))
    return segments


def _densest(places: list[int], width: int) -> int:
    """The first of the ``places`` that has the most of them within ``width`` characters from it on."""
    places = sorted(places)
    counts = [bisect_left(places, place + width) - number for number, place in enumerate(places)]
    return places[counts.index(max(counts))]


def _hits(text: str, terms: Collection[str], names: Collection[str]) -> list[tuple[int, int]]:
    wanted = set(terms)
    found = [(token.start, token.end) for token in tokens(text) if token.text in wanted]
    folded, origins = fold_with_origins(text)
    for name in dict.fromkeys(filter(None, map(fold, names))):
        # A name in letters is a word of its own: UAV, but not in “suave”.
        bound = r"(?<![a-z0-9]){}(?![a-z0-9])" if name.isascii() else "{}"
        found += [
            (origins[hit.start()], end_of(text, origins, hit.end()))
            for hit in re.finditer(bound.format(re.escape(name)), folded)
        ]
    return found


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
