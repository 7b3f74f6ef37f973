"""Tables of saved searches: what is wanted, the keys that it is found by, and what was found."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_

LONGEST_NAME = 100


class Watch(StrEnum):
    """What is watched."""

    SEARCH = "search"
    PRODUCTS = "products"  # that match one scenario
    SCENARIOS = "scenarios"  # that match one product
    RECORD = "record"
    ORGANIZATION = "organization"


class Rhythm(StrEnum):
    """How soon a letter tells of it."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


WATCH_NAMES: dict[str, str] = {
    Watch.SEARCH: N_("Search"),
    Watch.PRODUCTS: N_("Products for a scenario"),
    Watch.SCENARIOS: N_("Scenarios for a product"),
    Watch.RECORD: N_("Changes of one record"),
    Watch.ORGANIZATION: N_("What an organisation brings into the hall"),
}
RHYTHM_NAMES: dict[str, str] = {
    Rhythm.AT_ONCE: N_("At once"),
    Rhythm.DAILY: N_("Once a day, at 8:00"),
    Rhythm.WEEKLY: N_("Once a week, on Monday at 8:00"),
    Rhythm.NONE: N_("No letters, only here"),
}


class SavedSearch(SQLModel, table=True):
    """What one account wants to be told of. ``subject_*`` name the record or organisation that is watched."""

    __tablename__ = "saved_search"

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1)
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=LONGEST_NAME)
    watch: str = Field(max_length=12)
    subject_kind: str = Field(default="", max_length=12)
    subject_id: int | None = None
    asked: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # ``asked.AskedSearch``
    rhythm: str = Field(max_length=10)
    is_paused: bool = False
    compiled: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # ``StandingQuery.as_data``
    words_mark: str = Field(default="", max_length=64, index=True)  # how words were cut when it was compiled
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the saved search was not written yet")
        return self.id


class SavedSearchKey(SQLModel, table=True):
    """A document that may answer the search has one of its keys (``search.engine.standing.keys_of``)."""

    __tablename__ = "saved_search_key"

    key: str = Field(primary_key=True, max_length=80)
    search_id: int = Field(primary_key=True, foreign_key="saved_search.id", index=True)


class AlertHit(SQLModel, table=True):
    """One record that answers one search: told once, and again when what matters of it has changed."""

    __tablename__ = "alert_hit"
    __table_args__ = (
        UniqueConstraint("search_id", "record_kind", "record_id"),
        Index("alert_hit_record", "record_kind", "record_id"),
        Index("alert_hit_due", "due_at", "account_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    search_id: int = Field(foreign_key="saved_search.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    record_kind: str = Field(max_length=12)
    record_id: int
    event_id: int  # the last event that it tells of
    why: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # ``reader.Why``
    changed: list[str] = Field(default_factory=list, sa_type=JSON)  # fields; empty where it is new
    is_of_many: bool = False  # it came with a list: no letter of its own
    found_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: no letter is owed
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
