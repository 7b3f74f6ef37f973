"""The one spelling in which texts are compared: NFKC, lower case, simplified characters.

Traditional characters, Hong Kong's own forms included, are simplified by OpenCC. Folding remembers where each character
came from, so that a hit can be shown in the author's own spelling.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC


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

    A lone surrogate, which is half a character, is folded to U+FFFD."""
    return _kept(text) if len(text) <= _LONGEST_KEPT else _folded(text)


# Titles, names and sentences come again and again; of long texts 4,096 would take more than a gigabyte.
_LONGEST_KEPT = 400


@lru_cache(maxsize=4096)
def _kept(text: str) -> tuple[str, tuple[int, ...]]:
    return _folded(text)


_SURROGATES = re.compile("[\ud800-\udfff]")


def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    text = _SURROGATES.sub("\ufffd", text)
    folded: list[str] = []
    origins: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[start:end]).casefold())
        folded.append(piece)
        origins.extend([start] * len(piece))
        start = end
    joined = "".join(folded)
    simplified = _simplifier().convert(joined)
    if len(simplified) != len(joined):
        # A phrase was rewritten with another length: take character by character, so that offsets remain valid.
        simplified = "".join(_same_length(character) for character in joined)
    return simplified, (*origins, len(text))


def _same_length(character: str) -> str:
    converted: str = _simplifier().convert(character)
    return converted if len(converted) == 1 else character


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")
