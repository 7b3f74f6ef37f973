"""Names shown in the reader's language."""

from __future__ import annotations

from typing import Protocol


class Named(Protocol):
    """Something with a name in each language of the pages."""

    @property
    def zh_hans(self) -> str: ...
    @property
    def zh_hant(self) -> str: ...
    @property
    def en(self) -> str: ...


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
