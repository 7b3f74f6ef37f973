"""The words of a text, the same for documents and queries: folded, then cut, each within one script.

Chinese words come from rjieba, which cuts the 200 real needs of the shared data 13 times faster than jieba
(3.1 against 0.23 million characters a second, with offsets).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

from scenario_hall.language.codes import Code, Neighbour, codes_in, joined
from scenario_hall.language.folding import end_of, fold, fold_with_origins
from scenario_hall.language.scripts import (
    CYRILLIC,
    GREEK,
    HAN,
    HANGUL,
    HIRAGANA,
    KATAKANA,
    LATIN,
    MARKS,
    all_marks,
    runs,
)
from scenario_hall.language.stems import (
    LATIN_WORD,
    PORTUGUESE_STOP_WORDS,
    STOP_WORDS,
    is_portuguese,
    stems,
    without_accents,
)

_UNITS = (
    "分钟|小时|公斤|千克|公里|千米|厘米|毫米|平方米|平方公里|立方米|万元|亿元|架次|人次|兆帕|千瓦时|千瓦|兆瓦"
    "|米|级|吨|元|度|秒|天|年|个月|台|套|路|倍"
)
# Signs of units that may stand apart from their number: “5 MPa” is 5MPa.
_SIGNS = (
    "mpa|kpa|gpa|pa|bar|psi|kg|mg|ug|g|km|cm|mm|um|nm|m|kw|mw|gw|kwh|mwh|wh|w|kv|mv|v|ma|mah|ah|hz|khz|mhz|ghz|ms|us|ns"
    "|min|h|ml|l|db|dba|dbm|fps|gb|tb|mb|gbps|mbps|kbps|rpm|ppm|ppb|lux|lx|kn|n|°c|°f|°|%"
)
_NUMBER = r"(?<![0-9])(?<![0-9][.,])[0-9]++(?:[.,][0-9]++)*+"
_MICRO = re.compile(rf"(?<=[0-9])(\s?)μ(?=(?:m|s|g|l|a|v|w|f|h|t)(?![{LATIN}{GREEK}]))")
_PIECES = re.compile(
    rf"(?P<quantity>{_NUMBER}\s?(?:{_UNITS}))"
    rf"|(?P<measured>(?<![{LATIN}]){_NUMBER}\s(?:{_SIGNS})(?![{LATIN}0-9/]))"
    rf"|(?P<latin>[{LATIN}0-9°%][{LATIN}{MARKS}0-9°%]*+"
    rf"(?:(?:[-+./_'’]|(?<=[0-9]),(?=[0-9]))[{LATIN}0-9][{LATIN}{MARKS}0-9]*+)*+(?P<sharp>(?<![0-9])(?:\+\+|\#))?)"
    rf"|(?P<han>[{HAN}]+)"
    rf"|(?P<kana>[{HIRAGANA}]+|[{KATAKANA}][{KATAKANA}ー]*)"
    rf"|(?P<letters>[{GREEK}][{GREEK}{MARKS}]*|[{CYRILLIC}][{CYRILLIC}{MARKS}]*|[{HANGUL}]+)"
    rf"|(?P<other>(?:[^\W_{HAN}{HIRAGANA}{KATAKANA}{LATIN}{GREEK}{CYRILLIC}{HANGUL}0-9][{all_marks()}]*)+)"
)
_IS_HAN = re.compile(rf"[{HAN}]")
_HAN_RUNS = re.compile(rf"[{HAN}]+|[^{HAN}]+")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_BETWEEN_PIECES = frozenset((" ", " - ", "- ", " -"))


if TYPE_CHECKING:
    from rjieba import Jieba

Adder = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its folded form, and where it stands in the original text."""

    text: str
    start: int
    end: int


@cache
def _cutter() -> Jieba:
    # Its dictionary is read as it is imported: 0.2 s that a command without a text need not wait for.
    from rjieba import Jieba  # noqa: PLC0415

    return Jieba()


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"
    PORTUGUESE = "pt"


def language_of(text: str) -> Language:
    """The language that most of ``text`` is in; what is neither Chinese nor Portuguese counts as English."""
    ideographs = len(_IS_HAN.findall(text))
    # A Chinese word has two characters, a Latin one six letters.
    if ideographs and 2 * ideographs >= sum(map(len, LATIN_WORD.findall(text.lower()))) / 3:
        return Language.CHINESE
    return Language.PORTUGUESE if is_portuguese(text) else Language.ENGLISH


_registered: set[str] = set()
_registering = Lock()
_dictionary = 0


def register_terms(terms: Iterable[str]) -> None:
    """Make the Chinese words among ``terms`` words of the dictionary, for this process; idempotent."""
    global _dictionary  # noqa: PLW0603  the dictionary is the process's, and so is what stands for it
    with _registering:
        for term in terms:
            word = fold(term)
            if len(word) > 1 and word not in _registered and all(map(_IS_HAN.match, word)):
                _registered.add(word)
                _cutter().add_word(word, 20_000, "n")
                _dictionary ^= int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def dictionary_digest() -> int:
    """What stands for the words that were registered, in whichever order: a text that was cut under another digest may
    be cut otherwise now."""
    return _dictionary


def tokens(text: str) -> list[Token]:
    """The words of ``text`` in order; long Chinese words also by their parts, hyphenated ones too. Words that only
    join others are left out, unless there is nothing else."""
    cutting = _Cutting(text)
    for match in _PIECES.finditer(cutting.folded):
        cutting.take(match)
    origins = cutting.origins
    return [Token(word, origins[start], end_of(text, origins, end)) for word, start, end in cutting.kept]


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in all the ways that it is cut in: ``words``, ``grams`` and ``different_characters``."""

    words: tuple[str, ...]
    grams: tuple[str, ...]
    characters: tuple[str, ...]


def cut(text: str) -> Cut:
    """``text`` cut in every way at once, in the time that is needed to fold it once."""
    cutting = _Cutting(text)
    run: list[str] = []
    for match in _PIECES.finditer(cutting.folded):
        cutting.take(match)
        run += _grams_of(match)
    different = dict.fromkeys(_IS_HAN.findall(cutting.folded))
    return Cut(tuple(word for word, _, _ in cutting.kept), tuple(run), tuple(different))


class _Cutting:
    """A text while it is cut: its words so far, and the pieces in Latin letters that may be parts of one code."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded, self.origins = fold_with_origins(text)
        self.folded = _in_plain_signs(folded)
        self.in_portuguese = is_portuguese(self.folded)
        self.found: list[tuple[str, int, int]] = []
        self.joining: list[tuple[str, int, int]] = []
        self._dropped = PORTUGUESE_STOP_WORDS if self.in_portuguese else STOP_WORDS
        self._neighbours: list[Neighbour] = []
        self._behind = 0

    @property
    def kept(self) -> list[tuple[str, int, int]]:
        """The words, each with where it begins and ends in the folded text."""
        return self.found or self.joining

    def take(self, match: re.Match[str]) -> None:
        """Cut one piece."""
        start, piece = match.start(), match.group()
        match match.lastgroup:
            case "han":
                for word, low, high in _cutter().tokenize(piece, "search"):
                    self.add(word, start + low, start + high)
            case "quantity" | "measured":
                _add_quantity(piece, start, self.add, with_unit=match.lastgroup == "quantity")
            case "latin":
                self.add_latin(match)
            case "other":
                for low, high in runs(piece):
                    self.add(piece[low:high], start + low, start + high)
            case _:
                self.add(without_accents(piece), start, match.end())

    def add(self, word: str, start: int, end: int) -> None:
        is_joining = word in STOP_WORDS or self.folded[start:end] in self._dropped
        (self.joining if is_joining else self.found).append((word, start, end))

    def add_latin(self, match: re.Match[str]) -> None:
        start, end = match.span()
        codes = list(codes_in(match.group()))
        if match["sharp"]:
            self.add(match.group(), start, end)
            codes.pop()
        for code in codes:
            self._add_code(code, start)
        if len(codes) != 1 or self.folded[self._behind : start] not in _BETWEEN_PIECES:
            self._neighbours.clear()
        if codes:
            is_upper = self.text[self.origins[start] : end_of(self.text, self.origins, end)].isupper()
            self._neighbours.append(Neighbour(codes[-1], start + codes[-1].start, end, is_upper))
            for word, low, high in joined(self._neighbours):
                self.add(word, low, high)
        self._behind = end

    def _add_code(self, code: Code, start: int) -> None:
        if code.is_word and not code.parts:
            self._add_word(code.text, start + code.start, start + code.end)
            return
        self.add(without_accents(code.text), start + code.start, start + code.end)
        for text, low, high in code.parts:
            if len(text) > 1:
                self._add_word(text, start + low, start + high)

    def _add_word(self, text: str, start: int, end: int) -> None:
        is_word = LATIN_WORD.fullmatch(text) is not None
        for stem in stems(text, self.in_portuguese) if is_word else (without_accents(text),):
            self.add(stem, start, end)


def words(text: str) -> list[str]:
    """The folded words of ``text``, in order, with repetitions."""
    cutting = _Cutting(text)
    for match in _PIECES.finditer(cutting.folded):
        cutting.take(match)
    return [word for word, _, _ in cutting.kept]


def grams(text: str) -> list[str]:
    """Bigrams of Chinese characters and whole words of other scripts, in order: a phrase is a run of them, and a query
    of two characters finds what the dictionary cut otherwise."""
    folded, _ = fold_with_origins(text)
    return [gram for match in _PIECES.finditer(_in_plain_signs(folded)) for gram in _grams_of(match)]


def _grams_of(match: re.Match[str]) -> list[str]:
    """The grams of one piece."""
    piece = match.group().replace(" ", "")
    if match.lastgroup in ("latin", "measured"):
        return [piece] if match["sharp"] else [without_accents(code.text) for code in codes_in(piece)]
    found: list[str] = []
    for run in _HAN_RUNS.findall(piece):
        if _IS_HAN.match(run):
            found += [first + second for first, second in pairwise(run)] or [run]
        elif match.lastgroup == "other":
            found += [run[low:high] for low, high in runs(run)]
        else:
            found.append(without_accents(run))
    return found


def characters(text: str) -> list[str]:
    """Every Chinese character of ``text``, folded."""
    return _IS_HAN.findall(fold(text))


def different_characters(text: str) -> list[str]:
    """Each Chinese character of ``text`` once, folded, in the order of appearance."""
    return list(dict.fromkeys(characters(text)))


def is_cjk(text: str) -> bool:
    """Does ``text`` hold a Chinese character?"""
    return _IS_HAN.search(text) is not None


def _in_plain_signs(folded: str) -> str:
    """Every hyphen as the usual one, and the micro sign in front of a unit as the u that is often typed for it;
    elsewhere it is a Greek letter."""
    plain = folded.translate(_HYPHENS)
    return _MICRO.sub(r"\1u", plain) if "μ" in plain else plain


def _add_quantity(piece: str, start: int, add: Adder, *, with_unit: bool) -> None:
    """“60分钟” is one word and its unit another; “5 MPa” is one."""
    length = len(piece) - len(piece.lstrip("0123456789., "))
    *listed, last = codes_in(piece[:length])
    for number in listed:
        add(number.text, start + number.start, start + number.end)
    add(last.text + piece[length:], start + last.start, start + len(piece))
    if with_unit:
        add(piece[length:], start + length, start + len(piece))
