"""Notices and letters as rows: written once with the reader's cursor, letters delivered by the sender; and how each
person wants to be told."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
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
        Index("letter_to_mailbox", "organization_id", "written_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int
    number: int  # of the event's letters, from 0
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    organization_id: int | None = None  # whose shared mailbox gets it
    to: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    text: str = ""
    html: str = Field(default="", sa_column_kwargs={"server_default": ""})  # the same; goes with the text
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


class Notice(SQLModel, table=True):
    """One thing told to one person in the hall. It holds no words that anybody wrote but the record's title: they are
    read on the record's page, and go there with whoever wrote them."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "event_id", "letter"),
        Index(
            "notice_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "notice_digest",
            "digest_at",
            "account_id",
            sqlite_where=text("digest_at IS NOT NULL"),
            postgresql_where=text("digest_at IS NOT NULL"),
        ),
        Index("notice_at", "at"),
        Index("notice_event", "event_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    event_id: int
    letter: str = Field(max_length=40)  # its name in ``letters/``
    kind: str = Field(max_length=20)  # its name in ``kinds.py``
    about: str = Field(max_length=60)  # the record's code; notices about one record stand together
    title: str = Field(default="", max_length=420)  # the record's when it was told
    path: str = Field(max_length=300)
    until: date | None = None  # the last day of what is asked
    at: datetime = Field(sa_type=UtcDateTime)  # when it happened
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    digest_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the letter of the day is to have it

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the notice was not written yet")
        return self.id


class NoticeChoice(SQLModel, table=True):
    """How a person wants a kind of notice, where it differs from the default of ``kinds.py``."""

    __tablename__ = "notice_choice"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True, max_length=20)
    channel: str = Field(max_length=10)


class QuietHours(SQLModel, table=True):
    """When a person wants no letters: minutes of the day in Hong Kong, over midnight where the end is the smaller."""

    __tablename__ = "quiet_hours"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    begins: int
    ends: int
