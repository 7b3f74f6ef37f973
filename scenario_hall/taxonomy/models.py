"""The living taxonomy: tags that administrators edit, tags that authors propose, and the yearly targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


@dataclass(frozen=True)
class WholeTaxonomy:
    """The taxonomy as the subject of an event."""

    subject: str = "taxonomy"
    pk: int = 0
    public_code: str = "taxonomy"


TAXONOMY = WholeTaxonomy()


class TagRecord(SQLModel, table=True):
    """One node. A retired tag is kept for the records that have it, and offered no more."""

    __tablename__ = "tag"

    slug: str = Field(primary_key=True, max_length=60)
    kind: str = Field(max_length=12)
    zh_hans: str = Field(max_length=80)
    zh_hant: str = Field(max_length=80)
    en: str = Field(max_length=120)
    synonyms: list[str] = Field(default_factory=list, sa_type=JSON)
    parent: str | None = Field(default=None, max_length=60, foreign_key="tag.slug")
    is_retired: bool = False
    version: int = 1


class TagProposal(SQLModel, table=True):
    """A word that an author missed in the taxonomy, with where it was written first."""

    __tablename__ = "tag_proposal"
    __table_args__ = (UniqueConstraint("words"),)

    id: int | None = Field(default=None, primary_key=True)
    words: str = Field(max_length=80)
    subject_kind: str = Field(max_length=20)
    subject_code: str = Field(max_length=20)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    decided_as: str = Field(default="", max_length=60)  # a tag's slug, or "declined"


class Target(SQLModel, table=True):
    """A yearly figure to reach: approved first trials and first uses."""

    __tablename__ = "target"

    year: int = Field(primary_key=True)
    outcomes: int
    version: int = 1
