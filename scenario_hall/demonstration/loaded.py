"""Whether the demonstration was loaded into a database, as its log says."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.log.chain import Event, record_event
from scenario_hall.taxonomy.models import TAXONOMY

LOADED = "demonstration.loaded"


def is_loaded(session: Session) -> bool:
    return session.exec(select(Event.id).where(col(Event.kind) == LOADED).limit(1)).first() is not None


def record_loaded(session: Session, steps: int) -> None:
    """Within the caller's transaction, that of the ``steps``."""
    record_event(session, None, TAXONOMY, LOADED, {"steps": steps})
