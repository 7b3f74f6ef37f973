"""A person's notices: what they were told in the hall, by record, and what they have read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam
from sqlmodel import Session, col, delete, func, select, update

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.notices.models import Notice

KEPT = timedelta(days=183)
MOST_KEPT = 1_000  # of one person, so that a page of theirs reads no more
MOST_COUNTED = 100  # unread ones; more are said as “99+”
GROUPS_SHOWN, LINES_SHOWN = 20, 5
PRUNED_AT_ONCE = 100  # people

_WHOSE = "account"


@dataclass(frozen=True)
class NoticeGroup:
    """The notices about one record: how many there are and were not read, and the newest of them."""

    about: str
    count: int
    unread: int
    notices: Sequence[Notice]

    @property
    def title(self) -> str:
        """The record's, as it was told last; empty where it has none."""
        return self.notices[0].title


@dataclass(frozen=True)
class Inbox:
    """One page of groups, the one with the newest notice first; ``total``: how many groups there are; ``newest``: the
    id of the person's last notice, 0 before the first."""

    groups: Sequence[NoticeGroup]
    total: int
    newest: int


def unread_count(session: Session, account_id: int) -> int:
    """How many notices the person has not read; of more than MOST_COUNTED so many are said."""
    return int(session.execute(_unread(), {_WHOSE: account_id}).scalar_one())


@cache
def _unread() -> Select[Any]:
    """Every page of whoever is logged in asks it; making the statement takes longer than running it."""
    mine: BindParameter[int] = bindparam(_WHOSE, type_=Integer)
    rows = select(Notice.id).where(col(Notice.account_id) == mine, col(Notice.read_at).is_(None)).limit(MOST_COUNTED)
    return select(func.count()).select_from(rows.subquery())


def inbox(session: Session, account_id: int, *, kind: str = "", is_unread: bool = False, page: int = 1) -> Inbox:
    """The person's notices by record: all, those of one kind, or records with something that was not read."""
    wanted: list[ColumnElement[bool]] = [col(Notice.account_id) == account_id]
    if kind:
        wanted.append(col(Notice.kind) == kind)
    if is_unread:
        wanted.append(col(Notice.read_at).is_(None))
    newest = func.max(Notice.id)
    groups = select(Notice.about, func.count(), func.count() - func.count(col(Notice.read_at))).where(*wanted)
    groups = groups.group_by(Notice.about).order_by(newest.desc())
    found = session.exec(groups.limit(GROUPS_SHOWN).offset((page - 1) * GROUPS_SHOWN)).all()
    total = session.exec(select(func.count(col(Notice.about).distinct())).where(*wanted)).one()
    lines = _lines(session, wanted, [about for about, _, _ in found])
    last = session.exec(select(func.max(Notice.id)).where(col(Notice.account_id) == account_id)).one() or 0
    return Inbox([NoticeGroup(about, count, unread, lines[about]) for about, count, unread in found], total, last)


def _lines(session: Session, wanted: Sequence[ColumnElement[bool]], abouts: Sequence[str]) -> dict[str, list[Notice]]:
    """The newest few notices about each of these records."""
    place = func.row_number().over(partition_by=Notice.about, order_by=col(Notice.id).desc())
    placed = select(Notice.id, place.label("place")).where(*wanted, col(Notice.about).in_(abouts)).subquery()
    query = select(Notice).join(placed, placed.c.id == Notice.id).where(placed.c.place <= LINES_SHOWN)
    found: dict[str, list[Notice]] = {}
    for notice in session.exec(query.order_by(col(Notice.id).desc())):
        found.setdefault(notice.about, []).append(notice)
    return found


def read_notice(session: Session, account_id: int | None, notice_id: int | None) -> Notice:
    """The person's own notice, which is read from now on. Raises NotFound."""
    with transaction(session):
        notice = notice_of(session, account_id, notice_id)
        if notice.read_at is None:
            notice.read_at = now()
            session.add(notice)
    return notice


def notice_of(session: Session, account_id: int | None, notice_id: int | None) -> Notice:
    """Raises NotFound for what is not the person's own."""
    notice = session.get(Notice, notice_id) if notice_id is not None else None
    if notice is None or account_id is None or notice.account_id != account_id:
        raise NotFound()
    return notice


def read_all(session: Session, account_id: int, *, about: str = "", newest: int | None = None) -> int:
    """All that was not read, or all about one record, is read from now on; none that came after ``newest``, the last
    one that the person saw. Returns how many."""
    unread = update(Notice).where(col(Notice.account_id) == account_id, col(Notice.read_at).is_(None))
    if about:
        unread = unread.where(col(Notice.about) == about)
    if newest is not None:
        unread = unread.where(col(Notice.id) <= newest)
    with transaction(session):
        return session.exec(unread.values(read_at=now())).rowcount


def newest_notice(session: Session) -> int:
    """The id of the last notice that was written to anybody; 0 before the first."""
    return session.exec(select(func.max(Notice.id))).one() or 0


def told_since(session: Session, notice_id: int) -> set[int]:
    """The accounts that were told something after that notice."""
    return set(session.exec(select(Notice.account_id).where(col(Notice.id) > notice_id).distinct()))


def forget_notices(session: Session, account_id: int) -> None:
    """Within the caller's transaction, delete a person's notices."""
    session.exec(delete(Notice).where(col(Notice.account_id) == account_id))


def prune_notices(session: Session) -> int:
    """Let go of notices of half a year ago, and of the oldest of whoever has more than MOST_KEPT; returns how many."""
    with transaction(session):
        gone = session.exec(delete(Notice).where(col(Notice.at) <= now() - KEPT)).rowcount
        count = func.count()
        many = select(Notice.account_id).group_by(col(Notice.account_id)).having(count > MOST_KEPT)
        for account_id in list(session.exec(many.limit(PRUNED_AT_ONCE))):
            mine = col(Notice.account_id) == account_id
            first_kept = select(Notice.id).where(mine).order_by(col(Notice.id).desc()).offset(MOST_KEPT - 1).limit(1)
            gone += session.exec(delete(Notice).where(mine, col(Notice.id) < session.exec(first_kept).one())).rowcount
    return gone
