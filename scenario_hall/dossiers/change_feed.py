"""The log as everybody may read it: its entries in pages that are cut at the same places for all, and the public
records that they name as these are now.

An entry is told without its words: what is left never changes, so a page that is full is the same for ever. The words,
and the records, are told beside it where they are asked for, as they may be read at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import raiseload
from sqlmodel import Session, col, func, select

from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.checkpoints import Checkpoint
from scenario_hall.log.epoch import SIZE, epoch_of
from scenario_hall.log.kinds.table import KINDS, PUBLIC_KINDS
from scenario_hall.log.told import told_marks
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.lifecycle import PUBLIC
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios.models import Scenario

# A record that comes from one of these states into another, or the other way, comes to be public or ceases to be so.
PUBLIC_STATES: Mapping[str, frozenset[str]] = {
    "scenario": Scenario.public_states,
    "product": Product.public_states,
    "outcome": PUBLIC,
    "organization": frozenset({VERIFIED}),
}
# What changes an organisation's name, which all its records show.
NAMES_CHANGE = frozenset({"organization.changed", "organization.facts_confirmed"})
VERIFICATION = "organization.verified"  # before it an organisation has nothing that is public
BESIDE_MARKS = frozenset({"revision"})  # told as a member of its own


class EpochOver(Exception):
    """The position is one of a log that was there before a backup was restored."""


@dataclass(frozen=True)
class ToldEntry:
    """One entry. Of a private one there is the id alone; ``touches``: of a private one that made a record public, or
    ended that, or of an organisation all of whose records it changed."""

    id: int
    at: datetime
    kind: str
    subject: str
    number: int  # the subject's id
    code: str
    is_public: bool
    touches: bool
    revision: int | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str | None] | None = None  # None for one that was erased

    @property
    def names_record(self) -> bool:
        return (self.is_public or self.touches) and self.subject not in ("organization", "bulletin")


@dataclass(frozen=True)
class PublicRecord:
    """A record that an entry names, as it is public now; ``row`` is None when it is not."""

    subject: str
    code: str
    row: Publishable | Outcome | None
    certificate: str | None = None


@dataclass(frozen=True)
class ChangePage:
    """The entries after ``after`` up to the next place where pages are cut, or the log's end."""

    epoch: str
    after: int
    following: int
    is_full: bool  # from one place where pages are cut to the next
    checkpoint: Checkpoint | None  # the oldest that has all of these entries
    entries: Sequence[ToldEntry]
    records: Sequence[PublicRecord]


def change_page(session: Session, after: int, *, epoch: str | None = None, with_words: bool = False) -> ChangePage:
    """The page that begins behind ``after``; empty at the end of the log.

    Raises EpochOver when ``epoch`` is not the log's, or ``after`` lies behind its end.
    """
    present, end = epoch_of(session), last_id(session)
    if after > end or epoch not in (None, present):
        raise EpochOver
    cut = after - after % SIZE + SIZE
    events = _events(session, after, min(cut, end), with_words=with_words)
    verified = _verified(session, events)
    entries = [_told(event, verified, with_words=with_words) for event in events]
    following = min(cut, end)
    covering = select(Checkpoint).where(col(Checkpoint.size) >= following).order_by(col(Checkpoint.size)).limit(1)
    records = records_named(session, entries) if with_words else []
    public = {record.code for record in records if record.row is not None}
    return ChangePage(
        epoch=present,
        after=after,
        following=following,
        is_full=following == cut and after % SIZE == 0,
        checkpoint=session.exec(covering).first() if events else None,
        entries=[_with_open_words(each, public) for each in entries] if with_words else entries,
        records=records,
    )


def _events(session: Session, after: int, last: int, *, with_words: bool) -> list[Event]:
    query = select(Event).where(col(Event.id) > after, col(Event.id) <= last).order_by(col(Event.id))
    return list(session.exec(query if with_words else query.options(raiseload(Event.words))))  # type: ignore[arg-type]


def _verified(session: Session, events: Sequence[Event]) -> Mapping[int, int]:
    """Organisation → the entry that verified it, for those whose names change in these entries."""
    ids = {event.subject_id for event in events if event.kind in NAMES_CHANGE}
    if not ids:
        return {}
    query = select(Event.subject_id, func.min(Event.id)).where(
        col(Event.kind) == VERIFICATION, col(Event.subject_id).in_(ids)
    )
    return dict(session.exec(query.group_by(col(Event.subject_id))).all())


def _told(event: Event, verified: Mapping[int, int], *, with_words: bool) -> ToldEntry:
    data: Mapping[str, Any] = json.loads(event.data)
    is_public = event.kind in PUBLIC_KINDS
    marks = told_marks(event) if is_public else {}
    return ToldEntry(
        id=event.id,
        at=event.at,
        kind=event.kind,
        subject=event.subject_kind,
        number=event.subject_id,
        code=event.subject_code,
        is_public=is_public,
        touches=not is_public and _touches(event, data, verified),
        revision=marks.get("revision"),
        marks={name: value for name, value in marks.items() if name not in BESIDE_MARKS},
        words=_words(event) if with_words and is_public else None,
    )


def _touches(event: Event, data: Mapping[str, Any], verified: Mapping[int, int]) -> bool:
    if event.kind == VERIFICATION:
        return False
    if event.kind in NAMES_CHANGE:
        return verified.get(event.subject_id, event.id) < event.id
    states = PUBLIC_STATES.get(event.subject_kind, frozenset())
    return "from" in data and "to" in data and (data["from"] in states) != (data["to"] in states)


def _words(event: Event) -> dict[str, str | None]:
    line = KINDS[event.kind].feed
    shown = line.words if line is not None else ()
    return {word.field: None if word.is_erased else str(word.read()) for word in event.words if word.field in shown}


def _with_open_words(entry: ToldEntry, public: set[str]) -> ToldEntry:
    """Words of a record that is not public now are nobody's to read."""
    if entry.words is None or entry.code in public:
        return entry
    return replace(entry, words={})


def records_named(session: Session, entries: Iterable[ToldEntry]) -> list[PublicRecord]:
    """The records that these entries name, each once, by their codes; a query for each kind of record."""
    named = {(each.subject, each.code) for each in entries if each.names_record}
    rows: dict[str, Publishable | Outcome] = {}
    tables: tuple[type[Any], ...] = (Scenario, Product, Outcome)
    for table in tables:
        codes = [code for subject, code in named if subject == table.subject]
        if codes:
            found = session.exec(select(table).where(col(table.code).in_(codes)))
            rows |= {row.code: row for row in found if row.is_public()}
    outcomes = [row.pk for row in rows.values() if isinstance(row, Outcome)]
    certificates: dict[int, str] = {}
    if outcomes:
        query = select(Certificate.outcome_id, Certificate.number).where(col(Certificate.outcome_id).in_(outcomes))
        certificates = dict(session.exec(query).all())
    return [
        PublicRecord(subject, code, row, certificates.get(row.pk) if isinstance(row, Outcome) else None)
        for subject, code in sorted(named)
        for row in [rows.get(code)]
    ]
