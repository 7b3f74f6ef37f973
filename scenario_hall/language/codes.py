"""Words, numbers and codes in Latin letters and digits: how a piece without a blank is taken apart, and which pieces
are one code however it is spaced, hyphened or joined (M300 RTK, M300-RTK, m300rtk)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scenario_hall.language.scripts import LATIN, MARKS
from scenario_hall.language.stems import STOP_WORDS, without_accents

_ATOM = re.compile(rf"(?P<number>[0-9]++(?:[.,][0-9]++)*+)|(?P<letters>[{LATIN}{MARKS}°%]++)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]++)?+")
# “5G/6G” and “AI+5G” are two, “C-919” is one.
_APART = frozenset("/+")
LONGEST_CODE = 24
_LONGEST_PIECE = 8  # characters of a piece of a spaced code


@dataclass(frozen=True, slots=True)
class Code:
    """A word, a number or a code: its folded text without what joins its parts, where it stands in the piece, and its
    parts (text, start, end), which are none where it is one."""

    text: str
    start: int
    end: int
    parts: tuple[tuple[str, int, int], ...] = ()

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit() and not any(map(str.isalpha, self.text))

    @property
    def is_word(self) -> bool:
        return not any(map(str.isdigit, self.text))


def codes_in(piece: str) -> Iterator[Code]:
    """The words, numbers and codes of a folded piece without blanks."""
    atoms: list[tuple[str, int, int]] = []
    for match in _ATOM.finditer(piece):
        if atoms and _are_apart(piece[atoms[-1][2] : match.start()], atoms[-1][0], match.group()):
            yield _code(piece, atoms)
            atoms = []
        for text, low, high in _numbers(match) if match["number"] else [(match.group(), 0, len(match.group()))]:
            if atoms and match["number"] and low:
                yield _code(piece, atoms)
                atoms = []
            atoms.append((text, match.start() + low, match.start() + high))
    if atoms:
        yield _code(piece, atoms)


def _are_apart(between: str, one: str, other: str) -> bool:
    return between in _APART or (between != "" and one[-1].isdigit() and other[0].isdigit())


def _numbers(match: re.Match[str]) -> list[tuple[str, int, int]]:
    """1,200.5 as 1200.5, a decimal comma as a point, and 1,2,3 as three numbers."""
    written = match.group()
    if _THOUSANDS.fullmatch(written):
        return [(written.replace(",", ""), 0, len(written))]
    if written.count(",") == 1 and "." not in written:
        return [(written.replace(",", "."), 0, len(written))]
    found = re.finditer(r"[^,]++", written)
    return [(each.group(), each.start(), each.end()) for each in found]


def _code(piece: str, atoms: list[tuple[str, int, int]]) -> Code:
    start, end = atoms[0][1], atoms[-1][2]
    parts: list[tuple[str, int, int]] = []
    for text, low, high in atoms:
        if parts and parts[-1][2] == low:
            parts[-1] = (parts[-1][0] + text, parts[-1][1], high)
        else:
            parts.append((text, low, high))
    joined = "".join(part[0] for part in parts)
    return Code(joined, start, end, tuple(parts) if len(parts) > 1 else ())


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A piece that is one code, and where it stands in the text; ``is_upper``: as its author wrote it."""

    code: Code
    start: int
    end: int
    is_upper: bool


def joined(neighbours: list[Neighbour]) -> Iterator[tuple[str, int, int]]:
    """The codes that the last of the pieces, which stand with nothing but a blank or a hyphen between them, makes with
    the one or two before it."""
    for count in (2, 3):
        run = neighbours[-count:]
        if len(run) < count or not all(map(_goes_with, run, run[1:])):
            return
        text = without_accents("".join(each.code.text for each in run))
        if any(map(str.isdigit, text)) and len(text) <= LONGEST_CODE:
            yield text, run[0].start, run[-1].end


def _goes_with(one: Neighbour, other: Neighbour) -> bool:
    """Could the two be parts of one code? A number makes one with capitals or one or two letters, a code with up to
    four: “C 919”, “M300 RTK”, but not “300 more”."""
    if max(len(one.code.text), len(other.code.text)) > _LONGEST_PIECE:
        return False
    if one.code.text[-1].isdigit() and other.code.text[0].isdigit():
        return False
    if one.code.is_word and other.code.is_word:
        return one.is_upper and other.is_upper
    return _may_name(one, other) and _may_name(other, one)


def _may_name(letters: Neighbour, beside: Neighbour) -> bool:
    word = letters.code.text
    if not letters.code.is_word:
        return True
    if letters.is_upper:
        return True
    return word not in STOP_WORDS and len(word) <= (2 if beside.code.is_number else 4)
