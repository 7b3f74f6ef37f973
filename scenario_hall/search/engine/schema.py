"""The fields of the index as Whoosh knows them, and how their postings are stored.

Texts reach Whoosh as terms (``cutting.py``), so its own analyzers have nothing to do; the simple one that is named here
splits terms that are joined by spaces, which is what the tests write with Whoosh's own writer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from whoosh import fields
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import FixedBytesColumn
from whoosh.formats import Frequency, Positions

from scenario_hall.search.engine.columns import PACKED

POSITION = struct.Struct("<I")


class Counts(Frequency):  # type: ignore[misc]
    """How often a term stands in a document: as the posting's weight alone, where Whoosh would store it twice."""

    posting_size = 0

    def word_values(self, value: Any, analyzer: Any, **more: Any) -> Iterator[tuple[str, int, float, bytes]]:
        for word, count, weight, _ in super().word_values(value, analyzer, **more):
            yield word, count, weight, b""


class Places(Positions):  # type: ignore[misc]
    """Where a term stands in a document: four bytes a place, the lowest first."""

    def encode(self, poslist: Sequence[int]) -> bytes:
        return b"".join(map(POSITION.pack, poslist))

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return [place for (place,) in POSITION.iter_unpack(valuestring)]

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // POSITION.size

    def combine(self, vs: Iterable[bytes]) -> bytes:
        return self.encode(sorted({place for each in vs for place in self.decode_positions(each)}))


def _text(*, phrase: bool = False) -> fields.TEXT:
    field = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=phrase)
    field.format = Places() if phrase else Counts()
    return field


def _values() -> fields.KEYWORD:
    field = fields.KEYWORD()
    field.format = Counts()
    return field


SCHEMA = fields.Schema(
    code=fields.ID(unique=True),
    title=_text(),
    body=_text(),
    organization=_text(),
    tags=_text(),
    slugs=_values(),
    facets=_values(),
    grams=_text(phrase=True),
    characters=_text(),
    packed=fields.COLUMN(FixedBytesColumn(PACKED.itemsize)),
    kept=fields.STORED,
)
