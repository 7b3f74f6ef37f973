"""Stems of English and Portuguese words, without accents, and which of the two languages a text is in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import local

import snowballstemmer

from scenario_hall.language.scripts import CYRILLIC, GREEK, LATIN, MARKS

# Words that join others and say nothing themselves; kept out of the index and of queries alike.
STOP_WORDS = frozenset(
    [*"的了和与及或在是对为等之其并将以于由从到把被也都而且"]
    + "a an and are as at be by for from in is it of on or that the their this to we with".split(" ")
)
# The same of Portuguese, dropped from Portuguese texts alone: “no” and “a” say something else elsewhere.
PORTUGUESE_STOP_WORDS = frozenset(
    "a à ao aos as às com como da das de do dos e é em entre essa esse esta este foi isso isto já lhe mais mas na nas "
    "não nem no nos o os ou para pela pelas pelo pelos por que quer se sem ser seu seus são sua suas "
    "também um uma uns".split()
)
# Words that tell one language from the other.
_ONLY_PORTUGUESE = PORTUGUESE_STOP_WORDS - frozenset("a as como do e mas nem no o quer se ser".split())
_ONLY_ENGLISH = STOP_WORDS - {"a", "as"}
LATIN_WORD = re.compile(rf"[{LATIN}][{LATIN}{MARKS}]*")
# Macao writes inspecção and eléctrico, the agreement of 1990 inspeção and elétrico.
_SILENT = re.compile("[cp](?=[cçt])")
# Plurals that the stemmer leaves apart from their singular: inspeções, painéis, sinais.
_PLURALS = tuple(
    (re.compile(f"(?<=[{LATIN}]{{2}}){plural}$"), ending)
    for plural, ending in (("[õã]es", "ão"), ("éis", "el"), ("ais", "al"))
)
# Letters with a stroke or a tail, and joined ones, are no letters with a mark to Unicode.
_WITHOUT_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_MARKED = re.compile(rf"[{LATIN}{GREEK}{CYRILLIC}]")
# й is a letter of its own; ё is often written е.
_LETTERS_OF_THEIR_OWN = frozenset("йїў")


class _Stemmers(local):
    """One stemmer a thread, since it works on itself."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")
        self.portuguese = snowballstemmer.stemmer("portuguese")


_stemmers = _Stemmers()


@lru_cache(maxsize=65536)
def stems(word: str, in_portuguese: bool) -> tuple[str, ...]:
    """The stem without its accents. A Portuguese word has its English stem, too: a query of one word does not show its
    language."""
    english: str = _stemmers.english.stemWord(without_accents(word))
    if not in_portuguese:
        return (english,)
    single = _SILENT.sub("", word)
    for plural, ending in _PLURALS:
        single = plural.sub(ending, single)
    return tuple(dict.fromkeys((without_accents(_stemmers.portuguese.stemWord(single)), english)))


def without_accents(word: str) -> str:
    """Folded Latin, Greek or Cyrillic letters of ``word`` without what is added to them; other scripts as they are."""
    if word.isascii():
        return word
    return "".join(_plain_letter(each) for each in word.translate(_WITHOUT_STROKES))


@lru_cache(maxsize=65536)
def _plain_letter(letter: str) -> str:
    if unicodedata.combining(letter) and "\u0300" <= letter <= "\u036f":
        return ""
    if letter in _LETTERS_OF_THEIR_OWN or not _MARKED.fullmatch(letter):
        return letter
    return "".join(each for each in unicodedata.normalize("NFD", letter) if not unicodedata.combining(each))


def is_portuguese(text: str) -> bool:
    """Are the words in Latin letters of ``text`` Portuguese? Those that only join others tell."""
    found = LATIN_WORD.findall(text.lower())
    portuguese = sum(word in _ONLY_PORTUGUESE for word in found)
    return portuguese > sum(word in _ONLY_ENGLISH for word in found)
