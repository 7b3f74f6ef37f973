"""The history of one record, read from the log."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.log.chain import Event

MOST_EVENTS = 50


def history_of(session: Session, subject: str, pk: int) -> list[Event]:
    """What happened to one record, the newest first."""
    query = (
        select(Event)
        .where(col(Event.subject_kind) == subject, col(Event.subject_id) == pk)
        .order_by(col(Event.id).desc())
        .limit(MOST_EVENTS)
    )
    return list(session.exec(query))
