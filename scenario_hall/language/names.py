"""Names compared across scripts and cases, and shown in the reader's language."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Protocol

from opencc import OpenCC


class Named(Protocol):
    """Something with a name in each language of the pages."""

    @property
    def zh_hans(self) -> str: ...
    @property
    def zh_hant(self) -> str: ...
    @property
    def en(self) -> str: ...


@cache
def _simplifier() -> OpenCC:
    return OpenCC("hk2s")


@lru_cache(maxsize=20_000)
def fold_name(text: str) -> str:
    """NFKC, lower case, simplified characters, single spaces."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    simplified: str = _simplifier().convert(folded)
    return simplified


def localised(thing: Named, locale: str) -> str:
    """The thing's name in ``locale`` (zh_Hans, zh_Hant, en or pt). Where the data have no Portuguese, the English."""
    match locale:
        case "zh_Hant":
            return thing.zh_hant
        case "en":
            return thing.en
        case "pt":
            portuguese: str = getattr(thing, "pt", "")
            return portuguese or thing.en
    return thing.zh_hans
