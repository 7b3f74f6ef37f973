"""Letters as rows: written once with the reader's cursor, delivered by the sender."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class StoredLetter(SQLModel, table=True):
    """One letter to one person. The text goes when it was sent: it may hold a link that opens an account."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index("letter_state_next_try", "state", "next_try_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int
    number: int  # of the event's letters, from 0
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    text: str = ""
    message_id: str = Field(max_length=200)
    kind: str = Field(default="", max_length=40)
    # The address, on this site, that stops letters of this kind by one click (RFC 8058); it goes when it was sent.
    unsubscribe: str = Field(default="", max_length=300)
    state: str = Field(default=LetterState.WAITING, max_length=10)
    attempts: int = 0
    last_error: str = Field(default="", max_length=500)
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    next_try_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
