"""Bookmarks of public records: a person's own, in no log, so that nobody else learns what somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.texts import N_
from scenario_hall.organizations.models import Organization
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

MOST = 200  # of one person
KINDS: dict[str, Any] = {
    "scenario": Scenario,
    "product": Product,
    "organization": Organization,
}


class Bookmark(SQLModel, table=True):
    """A record that an account has marked."""

    __tablename__ = "bookmark"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    kind: str = Field(primary_key=True, max_length=12)
    record_id: int = Field(primary_key=True)
    kept_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


def set_bookmark(actor: Actor, *, session: Session, kind: str, key: str, is_kept: bool) -> None:
    """Mark the public record with this id, or take the mark off; doing either again changes nothing. Raises Denied,
    NotFound, WrongState (too many)."""
    if actor.account_id is None:
        raise Denied()
    record_id = whole_number(key)
    if kind not in KINDS or record_id is None:
        raise NotFound()
    place = (actor.account_id, kind, record_id)
    with transaction(session):
        row = session.get(Bookmark, place)
        if not is_kept:
            if row is not None:
                session.delete(row)
            return
        record = session.get(KINDS[kind], record_id)
        if record is None or not record.is_public():
            raise NotFound()
        if row is None:
            mine = select(func.count()).select_from(Bookmark).where(col(Bookmark.account_id) == actor.account_id)
            if session.exec(mine).one() >= MOST:
                raise WrongState(N_("You have 200 bookmarks already. Take some off first."))
            session.add(Bookmark(account_id=actor.account_id, kind=kind, record_id=record_id))


def marks_of(session: Session, actor: Actor) -> frozenset[tuple[str, int]]:
    """Kind and id of all that ``actor`` has marked."""
    rows = select(Bookmark.kind, Bookmark.record_id).where(col(Bookmark.account_id) == actor.account_id)
    return frozenset(session.exec(rows).all())


def bookmarks_of(session: Session, actor: Actor, *, limit: int = MOST) -> Sequence[tuple[str, Any]]:
    """Kind and record, the newest mark first; what ``actor`` may see no longer is left out."""
    query = select(Bookmark).where(col(Bookmark.account_id) == actor.account_id)
    rows = session.exec(query.order_by(col(Bookmark.kept_at).desc(), col(Bookmark.record_id))).all()
    found: dict[tuple[str, int], Any] = {}
    for kind, model in KINDS.items():
        ids = [row.record_id for row in rows if row.kind == kind]
        records = session.exec(select(model).where(col(model.id).in_(ids))).all() if ids else ()
        found |= {(kind, record.pk): record for record in records if can(actor, "view", record)}
    shown = [(row.kind, found[row.kind, row.record_id]) for row in rows if (row.kind, row.record_id) in found]
    return shown[:limit]


def forget_bookmarks(session: Session, account_id: int) -> None:
    """Within the caller's transaction, take all marks of an account off."""
    session.exec(delete(Bookmark).where(col(Bookmark.account_id) == account_id))
