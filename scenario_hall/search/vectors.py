"""The vectors of records' texts as they are stored, for search and matching alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from scenario_hall.meaning.vectors import Packed, from_bytes

# Under this code stand the vectors of the fixed list of products that closeness is measured against.
REFERENCE = "reference"
ROWS_AT_ONCE = 500


class RecordVector(SQLModel, table=True):
    """What an encoder made of one record's parts. A record that changes gets a new row, so that who follows the ids
    misses none; there is one writer (``matching/meaning_reader.py``), so they appear in their order."""

    __tablename__ = "record_vector"
    __table_args__ = {"sqlite_autoincrement": True}  # an id that was given is never given again

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    encoder: str = Field(max_length=120)
    digest: str = Field(max_length=64)
    """SHA-256 of the texts that were encoded."""
    parts: int
    vectors: bytes = Field(sa_type=LargeBinary)
    """``parts`` vectors, the whole first, one byte a dimension."""

    @property
    def packed(self) -> Packed:
        return from_bytes(self.vectors, self.parts)


def vectors_of(session: Session, encoder: str, codes: Sequence[str]) -> dict[str, Packed]:
    """The vectors of those of the records that this encoder has encoded."""
    found: dict[str, Packed] = {}
    for begin in range(0, len(codes), ROWS_AT_ONCE):
        wanted = col(RecordVector.code).in_(codes[begin : begin + ROWS_AT_ONCE])
        rows = session.exec(select(RecordVector).where(wanted, col(RecordVector.encoder) == encoder))
        found.update({row.code: row.packed for row in rows})
    return found


def vectors_after(session: Session, encoder: str, after: int) -> Iterator[tuple[int, str, Packed]]:
    """(id, code, vectors) of what was encoded since the row ``after``, in that order."""
    query = select(col(RecordVector.id), RecordVector.code, RecordVector.parts, RecordVector.vectors).where(
        col(RecordVector.id) > after, col(RecordVector.encoder) == encoder
    )
    for row_id, code, parts, vectors in session.exec(
        query.order_by(col(RecordVector.id)).execution_options(yield_per=ROWS_AT_ONCE)
    ):
        yield row_id or 0, code, from_bytes(vectors, parts)
