"""The vectors of records' texts as they are stored, for search and matching alike."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlmodel import Session, col, select

from scenario_hall.language.text import Language
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.meaning.vectors import Packed, from_bytes, pack
from scenario_hall.search.engine.index import SearchIndex, SearchQuery
from scenario_hall.search.engine.vector_store import VectorStore
from scenario_hall.search.models import RecordVector
from scenario_hall.search.query import plain_words

logger = logging.getLogger(__name__)

# Under this code stand the vectors of the fixed list of products that closeness is measured against.
REFERENCE = "reference"
ROWS_AT_ONCE = 500
MOST_CHARACTERS = 400


def packed_in(row: RecordVector) -> Packed:
    return from_bytes(row.vectors, row.parts)


def vectors_of(session: Session, encoder: str, codes: Sequence[str]) -> dict[str, Packed]:
    """The vectors of those of the records that this encoder has encoded."""
    found: dict[str, Packed] = {}
    for begin in range(0, len(codes), ROWS_AT_ONCE):
        wanted = col(RecordVector.code).in_(codes[begin : begin + ROWS_AT_ONCE])
        rows = session.exec(select(RecordVector).where(wanted, col(RecordVector.encoder) == encoder))
        found.update({row.code: packed_in(row) for row in rows})
    return found


@dataclass(frozen=True, slots=True)
class Encoded:
    """One row, read."""

    id: int
    code: str
    language: Language
    vectors: Packed


def vectors_after(session: Session, encoder: str, after: int) -> Iterator[Encoded]:
    """What was encoded since the row ``after``, in that order; the reference left out."""
    query = (
        select(RecordVector)
        .where(col(RecordVector.id) > after, col(RecordVector.encoder) == encoder, col(RecordVector.code) != REFERENCE)
        .order_by(col(RecordVector.id))
    )
    for row in session.exec(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield Encoded(row.id or 0, row.code, Language(row.language), packed_in(row))
        session.expunge(row)


def follow(session: Session, encoder: str, store: VectorStore) -> None:
    """Bring what is held in memory to what is stored."""
    for row in vectors_after(session, encoder, store.position):
        store.put(row.code, row.language, row.vectors[0], row.id)


def with_meaning(session: Session, encoder: Encoder | None, index: SearchIndex, asked: SearchQuery) -> SearchQuery:
    """The query with the vector of its plain words, and the index with all vectors that are stored; as it was where
    there is no encoder."""
    vector = query_vector(encoder, plain_words(asked.text))
    if encoder is None or vector is None:
        return asked
    follow(session, encoder.name, index.vectors)
    return replace(asked, vector=vector)


def query_vector(encoder: Encoder | None, text: str) -> Packed | None:
    """The vector of what somebody typed; None without an encoder, or where its server does not answer."""
    if encoder is None or not text.strip():
        return None
    try:
        return _kept_vector(_Ask(encoder), text.strip()[:MOST_CHARACTERS])
    except OSError as error:
        logger.warning("search by words alone, the encoder does not answer: %s", error)
        return None


@dataclass(frozen=True)
class _Ask:
    """An encoder, as a key."""

    encoder: Encoder

    def __hash__(self) -> int:
        return hash(self.encoder.name)


@lru_cache(maxsize=2000)
def _kept_vector(asked: _Ask, text: str) -> Packed:
    return pack(asked.encoder.encode([text]))
