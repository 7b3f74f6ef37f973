"""The table of what encoders made of records."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class RecordVector(SQLModel, table=True):
    """What an encoder made of one record's parts. A record that changes gets a new row, so that who follows the ids
    misses none; there is one writer (``matching/meaning_reader.py``), so they appear in their order."""

    __tablename__ = "record_vector"
    __table_args__ = {"sqlite_autoincrement": True}  # an id that was given is never given again

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    encoder: str = Field(max_length=120)
    language: str = Field(max_length=2)
    digest: str = Field(max_length=64)
    """SHA-256 of the texts that were encoded."""
    parts: int
    vectors: bytes = Field(sa_type=LargeBinary)
    """``parts`` vectors, the whole first, one byte a dimension."""
