"""The one spelling in which texts are compared: NFKC, lower case, simplified characters, nothing invisible.

Traditional characters, Hong Kong's own forms included, are simplified by OpenCC; radicals out of PDF files and variants
that OpenCC leaves are unified. Folding remembers where each character came from, so that a hit can be shown in the
author's own spelling.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

from scenario_hall.language.variants import radicals, variants


def fold(text: str) -> str:
    """``text`` in the spelling that is compared."""
    return fold_with_origins(text)[0]


def fold_name(text: str) -> str:
    """A name as it is compared: folded, with single spaces and none around it."""
    return _kept_name(text) if len(text) <= _LONGEST_KEPT else " ".join(fold(text).split())


@lru_cache(maxsize=20_000)
def _kept_name(text: str) -> str:
    return " ".join(fold(text).split())


def fold_with_origins(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded text, and for each of its characters the index of the original character that it came from.

    A lone surrogate, which is half a character, is folded to U+FFFD; what cannot be seen leaves nothing."""
    return _kept(text) if len(text) <= _LONGEST_KEPT else _folded(text)


def end_of(text: str, origins: tuple[int, ...], end: int) -> int:
    """Where in ``text`` the folded character before ``end`` ends, with its marks and without what is invisible."""
    last = origins[end - 1]
    while end < len(origins) - 1 and origins[end] == last:
        end += 1
    place = origins[end]
    while place > last + 1 and is_invisible(text[place - 1]):
        place -= 1
    return place


def visible(text: str) -> str:
    """``text`` in NFKC without what cannot be seen: what a code or an address is checked in."""
    return "".join(each for each in unicodedata.normalize("NFKC", text) if not is_invisible(each))


def is_invisible(character: str) -> bool:
    """Is it a format character (category Cf: zero-width spaces, soft hyphen, byte order mark, marks of direction), or
    another one that Unicode's NFKC_Casefold drops (Default_Ignorable_Code_Point)?"""
    return character in _IGNORABLE or unicodedata.category(character) == "Cf"


# Variation selectors, the grapheme joiner and Hangul fillers are no format characters.
_IGNORABLE = frozenset(
    map(chr, [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
) | frozenset(map(chr, range(0xE0000, 0xE1000)))
# Titles, names and sentences come again and again; of long texts 4,096 would take more than a gigabyte.
_LONGEST_KEPT = 400


@lru_cache(maxsize=4096)
def _kept(text: str) -> tuple[str, tuple[int, ...]]:
    return _folded(text)


_SURROGATES = re.compile("[\ud800-\udfff]")
_USUAL = 4  # characters of one with its marks; what has more is not kept
_PLAIN = re.compile(r"[\t\n\r -~]*")


def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    if _PLAIN.fullmatch(text):
        return text.lower(), tuple(range(len(text) + 1))
    text = _SURROGATES.sub("\ufffd", text)
    joined = text.translate(_single_characters())
    if _SEVERAL in joined:
        joined, origins = _folded_by_pieces(text)
    else:
        origins = tuple(range(len(text) + 1))
    simplified = _simplifier().convert(joined)
    if len(simplified) != len(joined):
        # A phrase was rewritten with another length: take character by character, so that offsets remain valid.
        simplified = "".join(_same_length(character) for character in joined)
    return simplified.translate(variants()), origins


def _folded_by_pieces(text: str) -> tuple[str, tuple[int, ...]]:
    folded: list[str] = []
    origins: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _goes_on(text[end]):
            end += 1
        piece = _in_one_form(text[start:end]) if end - start <= _USUAL else _in_one_form.__wrapped__(text[start:end])
        folded.append(piece)
        origins.extend([start] * len(piece))
        start = end
    return "".join(folded), (*origins, len(text))


# Stands for a character that does not fold to one by itself; no text has it (Unicode, noncharacters).
_SEVERAL = "\uffff"


class _SingleCharacters(dict[int, str]):
    """What each character folds to, where that is one character and none belongs to it: nearly all that is written.
    A table for ``str.translate``, filled as texts come by."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _in_one_form(character)
        found = folded if len(folded) == 1 and not _goes_on(character) else _SEVERAL
        if code < 0x10000:  # so many are kept, whatever is sent
            self[code] = found
        return found


@cache
def _single_characters() -> _SingleCharacters:
    return _SingleCharacters()


@lru_cache(maxsize=65536)
def _goes_on(character: str) -> bool:
    """Does it belong to the character before: a mark, a jamo of a syllable written apart, half-width kana's voicing?"""
    if character.isascii() or "\u3400" <= character <= "\ud7a3":
        return False
    is_jamo = "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"
    return unicodedata.combining(character) != 0 or is_jamo or character in "\uff9e\uff9f" or is_invisible(character)


@lru_cache(maxsize=65536)
def _in_one_form(piece: str) -> str:
    seen = "".join(each for each in piece if not is_invisible(each))
    composed = unicodedata.normalize("NFKC", seen.translate(radicals()))
    return unicodedata.normalize("NFKC", composed.casefold())


def _same_length(character: str) -> str:
    converted: str = _simplifier().convert(character)
    return converted if len(converted) == 1 else character


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")
