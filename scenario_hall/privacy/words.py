"""Words of the log are taken out where somebody whom they name asks for it: from beside the line, from the record where
the same text stands as its reason, and from the letters that carried it. The line itself stays, and one says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy import update as rows
from sqlmodel import Session, SQLModel, col, delete, select, update

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event, record_event
from scenario_hall.log.kinds.table import KINDS
from scenario_hall.log.words import EventWord, erase_words, has_words
from scenario_hall.notices.models import LetterState, Notice, StoredLetter
from scenario_hall.privacy.erasure import drop_outbox


@dataclass(frozen=True)
class WholeLog:
    """What an event about the log itself is about."""

    subject: str = "log"
    pk: int = 0
    public_code: str = ""


LOG = WholeLog()

# Where the reason of a line stands, too: by the line's subject, the table, its key to the subject, its columns.
ALSO_IN: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "scenario": (("scenario", "id", ("state_reason",)), ("scenario_revision", "scenario_id", ("reason",))),
    "product": (("product", "id", ("state_reason",)), ("product_revision", "product_id", ("reason",))),
    "revision": (("proposed_revision", "id", ("reason", "answer")),),
    "organization": (("organization", "id", ("state_reason",)),),
    "application": (("application", "id", ("feedback",)),),
    "outcome": (("outcome", "id", ("state_reason",)), ("objection", "outcome_id", ("answer",))),
    "amendment": (("plan_amendment", "id", ("reason", "state_reason")),),
}
NOTED = frozenset({"scenario", "product"})  # what a reviewer noted beside each field stands in ``review_notes``


def may_erase(line: Event) -> bool:
    """Whether ``erase_line`` would find something to take out."""
    kind = KINDS.get(line.kind)
    return any(not word.is_erased for word in line.words) and (kind is None or not kind.keeps_words)


def erase_line(actor: Actor, *, session: Session, line_id: int, outbox: Path) -> None:
    """Take out the words of one line. Raises Denied, NotFound, WrongState (nothing there, or part of a decision that
    was published and signed)."""
    if not actor.is_administrator:
        raise Denied()
    with transaction(session):
        line = session.get(Event, line_id)
        if line is None:
            raise NotFound()
        if not may_erase(line):
            raise WrongState(N_("This line has no words that can be erased."))
        said = line.fields
        erased = record_event(session, actor, LOG, "log.words_erased", {"line": line_id})
        if not has_words(session, line_id):  # somebody was faster; the log's head is locked by now
            raise WrongState(N_("This line has no words that can be erased."))
        erase_words(session, col(EventWord.event_id) == line_id, erased.id)
        _erase_from_record(session, line, said)
        written = _erase_from_letters(session, line_id)
    drop_outbox(outbox, written)


def erase_before(session: Session, moment: datetime) -> int:
    """Take out all own words of lines before ``moment``; a line says so if there were any. Returns how many."""
    is_due = col(EventWord.account_id).is_not(None) & col(EventWord.event_id).in_(
        select(Event.id).where(col(Event.at) < moment)
    )
    with transaction(session):
        if session.exec(select(EventWord.field).where(is_due).limit(1)).first() is None:
            return 0
        erased = record_event(session, None, LOG, "log.words_erased", {"until": moment.isoformat()})
        return erase_words(session, is_due, erased.id)


def _erase_from_record(session: Session, line: Event, said: dict[str, Any]) -> None:
    reason = said.get("reason")
    for name, key, columns in ALSO_IN.get(line.subject_kind, ()) if reason else ():
        table = _table(name)
        for column in columns:
            is_same = (table.c[key] == line.subject_id) & (table.c[column] == reason)
            session.execute(rows(table).where(is_same).values({column: ""}))
    if said.get("notes") and line.subject_kind in NOTED:
        table = _table(line.subject_kind)
        notes, is_it = table.c["review_notes"], table.c["id"] == line.subject_id
        if session.execute(table.select().with_only_columns(notes).where(is_it)).scalar() == said["notes"]:
            session.execute(rows(table).where(is_it).values(review_notes={}))
    session.expire_all()


def _erase_from_letters(session: Session, line_id: int) -> list[tuple[int, int]]:
    is_its = col(StoredLetter.event_id) == line_id
    written = list(session.exec(select(StoredLetter.event_id, StoredLetter.number).where(is_its)))
    session.exec(delete(StoredLetter).where(is_its, col(StoredLetter.state) == LetterState.WAITING))
    session.exec(update(StoredLetter).where(is_its).values(subject="", text="", html="", last_error=""))
    session.exec(update(Notice).where(col(Notice.event_id) == line_id).values(title=""))
    return written


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
