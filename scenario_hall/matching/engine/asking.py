"""What a text asks or offers: its sentences, each with how much it counts.

An office writes two pages of which three lines say what is wanted; a vendor praises itself before it says what the
machine does. So a text is cut into sentences, and a table says what kind of sentence each is. A heading colours what
follows it; a numbered line or a row of a table under “技术要求” is a requirement without saying so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scenario_hall.language.folding import fold
from scenario_hall.language.text import is_cjk

MOST_SENTENCES = 30
# A longer sentence is cut at its commas: a vector of everything is near to nothing.
LONGEST = 90
SHORTEST = 4
LONGEST_HEADING = 24
# History, policy and praise: some of their words may say what the body works on.
ASIDE_WEIGHT = 0.05


class Kind(StrEnum):
    TITLE = "title"
    ASKS = "asks"
    MEASURES = "measures"
    PROBLEM = "problem"
    PLAIN = "plain"
    ASIDE = "aside"  # history, policy, praise, dates, contacts: what every second text says


# Of more than MOST_SENTENCES those stay that come first here.
_ORDER = (Kind.TITLE, Kind.ASKS, Kind.MEASURES, Kind.PROBLEM, Kind.PLAIN, Kind.ASIDE)
_TABLES = json.loads((Path(__file__).parent / "data" / "sentence_kinds.json").read_text(encoding="utf-8"))


def _pattern(by_language: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile("|".join(part for parts in by_language.values() for part in parts))


# The first row whose pattern a sentence has says what it is.
_KINDS = tuple((Kind(name), _pattern(table)) for name, table in _TABLES["kinds"].items())
_HEADINGS = tuple((Kind(name), _pattern(_TABLES["headings"][name])) for name in (Kind.ASIDE, Kind.ASKS))
_BREAK = re.compile(r"[\n\r]+|(?<=[。;；!！?？])|(?<=[a-z\)])\.\s+(?=[A-Z\(À-Ý])|(?<![|｜\t])[|｜\t]++\s*+(?=\S)")
_COMMA = re.compile(r"(?<=[,，、:：])")
_NUMBERED = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．](?!\d)|[①-⑳]|[-•·●■◆*])\s*")
_CUT = re.compile(r"(?<=[,，、:：])\n")
# Where a published need stops speaking of the need and begins to speak of the company.
_PROFILE = re.compile(r"公司成立于|成立于\d{4}年|有限公司是|是一家")
_HEADING_END = re.compile(r"[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of a text as its author wrote it, and what it does there."""

    text: str
    kind: Kind


def sentences_of(title: str, text: str, wanted: str = "") -> list[Sentence]:
    """The title and the sentences of what is wanted and of the text, each once, in their order; at most
    MOST_SENTENCES."""
    found = {title.strip(): Kind.TITLE} if title.strip() else {}
    for piece, kind in _judged(wanted):
        found.setdefault(piece, kind if kind is Kind.ASIDE else Kind.ASKS)
    for piece, kind in _judged(text):
        found.setdefault(piece, kind)
    sentences = [Sentence(piece, kind) for piece, kind in found.items()]
    if len(sentences) > MOST_SENTENCES:
        best = sorted(range(len(sentences)), key=lambda place: (_ORDER.index(sentences[place].kind), place))
        sentences = [sentences[place] for place in sorted(best[:MOST_SENTENCES])]
    return sentences


def weighed(sentences: Sequence[Sentence]) -> list[tuple[str, float]]:
    """How much the words of each sentence count. All that only tells how things are counts as one sentence that asks,
    however long it is."""
    told = sum(sentence.kind in (Kind.PROBLEM, Kind.PLAIN) for sentence in sentences)
    weights = {Kind.ASIDE: ASIDE_WEIGHT, Kind.PROBLEM: 1 / max(1, told), Kind.PLAIN: 1 / max(1, told)}
    return [(sentence.text, weights.get(sentence.kind, 1.0)) for sentence in sentences]


def without_asides(sentences: Sequence[Sentence]) -> str:
    """The text again, without what is beside the point."""
    kept = "\n".join(sentence.text for sentence in sentences if sentence.kind is not Kind.ASIDE)
    return _CUT.sub("", kept)


def _judged(text: str) -> Iterator[tuple[str, Kind]]:
    section: Kind | None = None
    for piece, is_numbered in _pieces(text):
        folded = fold(piece)
        if (heading := _heading(folded)) is not None:
            section = heading
            if len(piece) <= LONGEST_HEADING:
                continue
        elif _PROFILE.search(folded):
            section = Kind.ASIDE
        kind = next((kind for kind, pattern in _KINDS if pattern.search(folded)), Kind.PLAIN)
        if section is Kind.ASKS and kind in (Kind.PLAIN, Kind.MEASURES):
            kind = Kind.ASKS
        elif section is Kind.ASIDE and kind is not Kind.ASKS and not is_numbered:
            kind = Kind.ASIDE
        yield piece, kind


def _heading(folded: str) -> Kind | None:
    """What a short line that only names its section says of it."""
    line = _NUMBERED.sub("", folded).strip()
    begins = line[:16] if is_cjk(line) else line[:40]
    is_alone = len(line) <= (14 if is_cjk(line) else 40) and not re.search(r"[。.,，;；\d]$", line)
    if not (is_alone or _HEADING_END.search(line)):
        return None
    return next((kind for kind, pattern in _HEADINGS if pattern.search(begins)), None)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    for line in _BREAK.split(text):
        piece = line.strip()
        is_numbered = _NUMBERED.match(piece) is not None
        for part in _cut(piece, LONGEST if is_cjk(piece) else 2 * LONGEST):
            if len(part) >= SHORTEST:
                yield part, is_numbered


def _cut(piece: str, limit: int) -> Iterator[str]:
    """A piece longer than the limit, by its commas, in parts of about that length."""
    part = ""
    for clause in _COMMA.split(piece):
        if part and len(part) + len(clause) > limit:
            yield part.strip()
            part = ""
        part += clause
    if part.strip():
        yield part.strip()
