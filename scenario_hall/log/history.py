"""What happened to one record, for those who may see it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.core.policy import Actor, can
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.table import ALL
from scenario_hall.log.transitions import Stateful

# A page shows no more.
NEWEST = 50


def history_of(session: Session, actor: Actor, record: Stateful) -> list[Event]:
    """The newest first; of each kind only if ``actor`` is one of those who may see it (``EventKind.visible_to``)."""
    kinds = [kind for kind in ALL if kind.subject == record.subject]
    allowed = {action for action in {kind.visible_to for kind in kinds} if can(actor, action, record)}
    if not allowed:
        return []
    query = (
        select(Event)
        .where(
            col(Event.subject_kind) == record.subject,
            col(Event.subject_id) == record.pk,
            col(Event.subject_code)
            == record.public_code,  # SQLite gives the id of a deleted draft again, no code twice
            col(Event.kind).in_([kind.name for kind in kinds if kind.visible_to in allowed]),
        )
        .order_by(col(Event.id).desc())
        .limit(NEWEST)
    )
    return list(session.exec(query))
