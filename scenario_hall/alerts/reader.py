"""The reader of the log that holds each changed record against the saved searches, never a search against the hall."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, insert, select

from scenario_hall.alerts.compiling import compile_stale
from scenario_hall.alerts.finding import Finding, findings
from scenario_hall.alerts.models import AlertHit, SavedSearch, Watch
from scenario_hall.alerts.times import due_at
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import Event, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader
from scenario_hall.taxonomy.service import load_taxonomy

# What is older was no news when the reader came by: a story of past weeks, or a log that is read from its beginning.
NO_NEWS = timedelta(hours=72)


class AlertReader(DatabaseReader):
    """Writes what saved searches have found, then its cursor; ``post.py`` writes the letters. Each event has a
    transaction of its own, since a hit is one row however often its event comes: thousands of hits of many events
    would keep everybody else from writing for seconds."""

    name = ReaderName.ALERTS

    def advance(self, session: Session, batch: Batch) -> None:
        news = [event for event in batch.events if event.at > now() - NO_NEWS]
        if news and session.exec(select(SavedSearch.id).limit(1)).first() is not None:
            taxonomy = load_taxonomy(session)
            register_terms(taxonomy.terms())
            compile_stale(session, taxonomy)
            for event in news:
                # Found before anything is written: nobody who wants to write waits for it.
                found, is_all = findings(session, event, taxonomy)
                with transaction(session):
                    _store(session, event, found, is_all=is_all)
        with transaction(session):
            move_cursor(session, self.name, after=batch.after, position=batch.position)


def _store(session: Session, event: Event, found: list[Finding], *, is_all: bool) -> None:
    rows = select(AlertHit).where(
        col(AlertHit.record_kind) == event.subject_kind, col(AlertHit.record_id) == event.subject_id
    )
    known = {row.search_id: row for row in session.exec(rows)}
    present = set(_present(session, [each.search.id for each in found if each.search.id not in known]))
    if fresh := [_hit(each) for each in found if each.search.id in present]:
        session.exec(insert(AlertHit), params=fresh)
    for each in found:
        row = known.pop(each.search.id, None)
        if row is not None and each.changed and row.event_id < each.event_id:
            _tell_again(session, row, each)
    if is_all:
        # It was found and not told yet, and is now something else.
        for row in known.values():
            if row.due_at is not None and _is_search(session, row):
                session.delete(row)


def _present(session: Session, ids: list[int]) -> list[int]:
    """Those of the searches that were not deleted while the record was held against them."""
    found: list[int] = []
    for begin in range(0, len(ids), 500):
        part = select(SavedSearch.id).where(col(SavedSearch.id).in_(ids[begin : begin + 500]))
        found += [each for each in session.exec(part) if each is not None]
    return found


def _hit(found: Finding) -> dict[str, Any]:
    search, moment = found.search, now()
    return {
        "search_id": search.id,
        "account_id": search.account_id,
        "record_kind": found.record_kind,
        "record_id": found.record_id,
        "event_id": found.event_id,
        "why": found.why,
        "changed": list(found.changed) if search.watch == Watch.RECORD else [],
        "is_of_many": found.is_of_many,
        "found_at": moment,
        "due_at": due_at(search.rhythm, moment, is_of_many=found.is_of_many),
        "told_at": None,
    }


def _tell_again(session: Session, row: AlertHit, found: Finding) -> None:
    """Once for each change of what matters; what was not told yet stays new."""
    is_told = row.told_at is not None
    row.event_id, row.why = found.event_id, found.why or row.why
    if is_told or row.changed:
        row.changed = sorted({*(() if is_told else row.changed), *found.changed})
    row.found_at, row.told_at = now(), None
    row.due_at = due_at(found.search.rhythm, now()) if is_told else row.due_at
    session.add(row)


def _is_search(session: Session, row: AlertHit) -> bool:
    search = session.get(SavedSearch, row.search_id)
    return search is not None and search.watch == Watch.SEARCH
