"""What a share card says, before it is a picture or a page's head."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

SIZE = (1200, 630)  # pixels of the picture: what readers of the Open Graph protocol show whole


class Sign(StrEnum):
    SCENARIO = "scenario"
    PRODUCT = "product"
    FIRST = "certificate"


@dataclass(frozen=True)
class Card:
    """What a share card says, in one language. ``is_revoked``: what it tells of holds no more."""

    sign: Sign
    number: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    is_revoked: bool
    hall: str
    area: str
    language: str

    @property
    def description(self) -> str:
        return " · ".join(f"{label}: {value}" for label, value in self.facts)

    @property
    def stamp(self) -> str:
        """All that the picture depends on."""
        return sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:32]
