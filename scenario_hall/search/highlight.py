"""Show what was found, in the author's own spelling and script."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from scenario_hall.search.text import tokens


@dataclass(frozen=True)
class Segment:
    text: str
    is_hit: bool


def highlight(text: str, terms: Collection[str]) -> list[Segment]:
    """``text`` cut into segments; a hit is a word whose folded form is among ``terms``. Joined, they are ``text``."""
    wanted = set(terms)
    segments: list[Segment] = []
    done = 0
    for start, end in _merged([(token.start, token.end) for token in tokens(text) if token.text in wanted]):
        if start > done:
            segments.append(Segment(text[done:start], is_hit=False))
        segments.append(Segment(text[start:end], is_hit=True))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:], is_hit=False))
    return segments


def snippet(text: str, terms: Collection[str], width: int = 160) -> list[Segment]:
    """About ``width`` characters of ``text`` around the most hits, highlighted, with … where it was cut."""
    flat = " ".join(text.split())
    wanted = set(terms)
    places = [token.start for token in tokens(flat) if token.text in wanted]
    if len(flat) <= width:
        return highlight(flat, wanted)
    start = 0
    if places:
        best = max(places, key=lambda place: (sum(place <= other < place + width for other in places), -place))
        start = max(0, min(best - width // 8, len(flat) - width))
    cut = flat[start : start + width]
    segments = highlight(cut, wanted)
    if start:
        segments.insert(0, Segment("…", is_hit=False))
    if start + width < len(flat):
        segments.append(Segment("…", is_hit=False))
    return segments


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
