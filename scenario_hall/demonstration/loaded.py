"""Was the demonstration loaded into this database?"""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.log.chain import Event


def is_loaded(session: Session) -> bool:
    return session.exec(select(Event.id).where(col(Event.kind) == "demonstration.loaded").limit(1)).first() is not None
