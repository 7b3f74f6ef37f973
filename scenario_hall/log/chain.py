"""The append-only event log. Every change of state appends one entry, in the transaction of the change.

What a line may say is declared in ``log/kinds/``; what people wrote stands beside it (``log/words.py``). Each line
carries the hash of the line before it. The one row of
``log_head`` is locked by whoever appends, so ids have no gaps, are handed out in the order of commit, and a reader that
has seen id n has seen everything up to n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from sqlalchemy import Index, Text
from sqlalchemy.orm import foreign, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from scenario_hall.core.canonical import canonical_json, fingerprint
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.errors import StaleCursor
from scenario_hall.core.policy import Actor, Governed, parties_spoken_for
from scenario_hall.core.pulse import wake_others
from scenario_hall.log.acts import record_act
from scenario_hall.log.kinds.table import KINDS, check_declared
from scenario_hall.log.sent_forms import claim
from scenario_hall.log.words import EventWord, erase_words, parted, read_words

GENESIS = "0" * 64


class Event(SQLModel, table=True):
    """One line of the log. ``data`` is canonical JSON text, so that its hash is the same on every database."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_subject", "subject_kind", "subject_id"),
        Index("event_kind_id", "kind", "id"),
        Index("event_actor_id", "actor_id", "id"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=60)
    actor_id: int | None = None
    subject_kind: str = Field(max_length=20)
    subject_id: int
    subject_code: str = Field(max_length=40)
    data: str = Field(sa_type=Text)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    words: list[EventWord] = Relationship(
        sa_relationship=relationship(
            EventWord,
            primaryjoin=lambda: col(Event.id) == foreign(col(EventWord.event_id)),
            order_by=lambda: col(EventWord.field),
            lazy="selectin",
            viewonly=True,
        )
    )

    @property
    def fields(self) -> dict[str, Any]:
        """``data`` as a dictionary, with the words beside it; those that were erased are empty texts."""
        return read_words(self.data, self.words)

    @property
    def erased(self) -> list[str]:
        """The fields whose words were erased."""
        return [word.field for word in self.words if word.is_erased]


class LogHead(SQLModel, table=True):
    """The last line's id and hash; the lock that orders all writers."""

    __tablename__ = "log_head"

    id: int = Field(primary_key=True)
    last_id: int
    last_hash: str = Field(max_length=64)


class ReaderCursor(SQLModel, table=True):
    """How far a reader that keeps its work in the database has read."""

    __tablename__ = "reader_cursor"

    name: str = Field(primary_key=True, max_length=40)
    position: int = 0


def line_hash(event: Event) -> str:
    """SHA-256 over every column of the line but the hash itself."""
    return hash_with(event, event.data)


def hash_with(event: Event, data: str) -> str:
    """The same with other data."""
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds")
    fields = [
        event.id,
        at,
        event.kind,
        event.actor_id,
        event.subject_kind,
        event.subject_id,
        event.subject_code,
        data,
        event.previous_hash,
    ]
    return fingerprint(fields)


def append(
    session: Session,
    *,
    kind: str,
    actor_id: int | None,
    subject_kind: str,
    subject_id: int,
    subject_code: str,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one line within the caller's transaction, and the words of ``data`` beside it. Call it after the rows
    were changed: the log's head stays locked until the commit.

    Raises ValueError for what ``log/kinds/`` does not declare; SentBefore where the form that is being sent has made
    its change already.
    """
    data = data or {}
    check_declared(kind, subject_kind, data)
    session.flush()
    head = lock_head(session)
    claim(session, head.last_id + 1)
    marks, words = parted(KINDS[kind], data, event_id=head.last_id + 1, actor_id=actor_id)
    event = Event(
        id=head.last_id + 1,
        at=now(),
        kind=kind,
        actor_id=actor_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_code=subject_code,
        data=canonical_json(marks),
        previous_hash=head.last_hash,
        hash="",
    )
    event.hash = line_hash(event)
    head.last_id, head.last_hash = event.id, event.hash
    session.add_all([head, event, *words])
    session.flush()
    wake_others(session)
    set_committed_value(event, "words", words)
    return event


class Subject(Protocol):
    """What an event can be about: a record with a name, an id and a public code."""

    @property
    def subject(self) -> str: ...
    @property
    def pk(self) -> int: ...
    @property
    def public_code(self) -> str: ...


def record_event(
    session: Session,
    actor: Actor | None,
    thing: Subject,
    kind: str,
    data: Mapping[str, Any] | None = None,
    *,
    party: str = "",
) -> Event:
    """Append that ``actor`` (None: the hall itself) did ``kind`` to ``thing``, within the caller's transaction, and
    keep for which of its parties: ``party``, else the first that the kind names and the actor speaks for."""
    session.flush()
    event = append(
        session,
        kind=kind,
        actor_id=actor.account_id if actor is not None else None,
        subject_kind=thing.subject,
        subject_id=thing.pk,
        subject_code=thing.public_code,
        data=data,
    )
    if actor is not None and actor.account_id is not None and KINDS[kind].acts_for:
        _keep_act(session, actor, cast("Governed", thing), kind, party)
    return event


def erase_words_of_subject(session: Session, erasure: Event) -> None:
    """Within the caller's transaction, take away the words of all lines about what ``erasure`` was about, which is no
    more."""
    lines = select(Event.id).where(
        col(Event.subject_kind) == erasure.subject_kind,
        col(Event.subject_code) == erasure.subject_code,
        col(Event.id) < erasure.id,
    )
    erase_words(session, col(EventWord.event_id).in_(lines), erasure.id)


def _keep_act(session: Session, actor: Actor, thing: Governed, kind: str, party: str) -> None:
    # Judging is open to viewers, so membership is enough here: whether they might act was decided before.
    spoken_for = [party] if party else parties_spoken_for(actor, thing, KINDS[kind].acts_for, "member")
    if spoken_for and actor.account_id is not None:
        organization_id = thing.parties()[spoken_for[0]]
        record_act(session, account_id=actor.account_id, keys=thing.case().kept, organization_id=organization_id)


def lock_head(session: Session) -> LogHead:
    """The log's head, locked until the transaction ends. The migration made its one row."""
    head = session.get(LogHead, 1, with_for_update=True, populate_existing=True)
    if head is None:
        raise RuntimeError("the event log has no head: run `python -m scenario_hall init`")
    return head


def last_id(session: Session) -> int:
    """The id of the newest line, 0 when there is none."""
    return session.exec(select(LogHead.last_id).where(col(LogHead.id) == 1)).first() or 0


def events_after(
    session: Session, position: int, *, limit: int = 500, kinds: Sequence[str] | None = None
) -> list[Event]:
    """The lines after ``position``, oldest first."""
    query = select(Event).where(col(Event.id) > position).order_by(col(Event.id)).limit(limit)
    if kinds is not None:
        query = query.where(col(Event.kind).in_(kinds))
    return list(session.exec(query))


def cursor(session: Session, name: str) -> int:
    """How far the reader ``name`` has read."""
    row = session.get(ReaderCursor, name, populate_existing=True)
    return row.position if row else 0


def move_cursor(session: Session, name: str, *, after: int, position: int) -> None:
    """Remember, within the caller's transaction, that the reader ``name`` has read from ``after`` to ``position``.

    Raises StaleCursor when the cursor does not stand at ``after``.
    """
    row = session.get(ReaderCursor, name, with_for_update=True, populate_existing=True)
    if row is None:  # its first batch; where a reader begins is for it to say
        row = ReaderCursor(name=name, position=after)
    if row.position != after:
        raise StaleCursor(f"{name} stands at {row.position}, not at {after}")
    row.position = position
    session.add(row)
    wake_others(session)  # whoever goes on from what this reader made
