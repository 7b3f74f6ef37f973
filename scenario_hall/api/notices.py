"""Notices of whoever the token acts for: what they were told, and what they have read of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from pydantic import Field
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import Asked, Id, ListQuery, RecordQuery, Told
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.texts import N_
from scenario_hall.notices.inbox import notice_of, read_all, read_notice
from scenario_hall.notices.kinds import KINDS_BY_NAME
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.notices.models import Notice
from scenario_hall.organizations.tokens import Scope


class NoticesQuery(ListQuery):
    """Which of them."""

    kind: str | None = Field(default=None, max_length=20, description="Of this kind alone.")
    unread: bool | None = Field(default=None, description="What was not read alone, or what was.")


class NoticesRead(Asked):
    """Which notices are read from now on: all up to `newest`, of one record where `about` is given."""

    newest: Id = Field(description="The id of the last notice that was seen; later ones stay unread.")
    about: str | None = Field(default=None, max_length=60)


class NoticeTold(Told):
    """One thing that the person was told. `reason` says why, `page` is where it can be seen, `until` the last day of
    what is asked."""

    id: int
    link: str
    kind: str
    told: str
    reason: str
    about: str
    title: str
    page: str
    until: date | None
    at: datetime
    read_at: datetime | None


class ReadCount(Told):
    """How many notices were not read before."""

    read: int


def _tell(_call: Call, notice: Notice) -> NoticeTold:
    subject, reason = LETTERS[notice.letter].subject, KINDS_BY_NAME[notice.kind].reason
    return NoticeTold(
        id=notice.pk,
        link=f"/api/v1/notices/{notice.pk}",
        kind=notice.kind,
        told=gettext(subject),
        reason=gettext(reason),
        about=notice.about,
        title=notice.title,
        page=notice.path,
        until=notice.until,
        at=notice.at,
        read_at=notice.read_at,
    )


def _load(call: Call) -> Notice:
    return notice_of(call.session, call.actor.account_id, whole_number(call.path["id"]))


def _rows(call: Call) -> SelectOfScalar[Notice]:
    query: NoticesQuery = call.query
    rows = select(Notice).where(col(Notice.account_id) == call.actor.account_id)
    if query.kind is not None:
        rows = rows.where(col(Notice.kind) == query.kind)
    if query.unread is not None:
        rows = rows.where(col(Notice.read_at).is_(None) if query.unread else col(Notice.read_at).is_not(None))
    return rows


def _is_mine(call: Call, notice: Notice) -> bool:
    return notice.account_id == call.actor.account_id


def _read(call: Call) -> NoticeTold:
    return _tell(call, read_notice(call.session, call.actor.account_id, call.record.pk))


def _read_all(call: Call) -> ReadCount:
    body: NoticesRead = call.body
    count = read_all(call.session, call.actor.account_id or 0, about=body.about or "", newest=body.newest)
    return ReadCount(read=count)


_COMMON: dict[str, Any] = {"subject": "notices"}
OPERATIONS = [
    Operation(
        name="list_notices",
        method="GET",
        path="/notices",
        summary=N_("What you were told"),
        query=NoticesQuery,
        answer=NoticeTold,
        scopes=(Scope.READ,),
        listing=Listing(_rows, Notice.id, _is_mine, _tell, NoticeTold),
        **_COMMON,
    ),
    Operation(
        name="get_notice",
        method="GET",
        path="/notices/{id}",
        summary=N_("One notice; reading it here leaves it unread"),
        query=RecordQuery,
        answer=NoticeTold,
        scopes=(Scope.READ,),
        load=_load,
        run=lambda call: _tell(call, call.record),
        **_COMMON,
    ),
    Operation(
        name="read_notice",
        method="POST",
        path="/notices/{id}/read",
        summary=N_("Mark one as read"),
        answer=NoticeTold,
        scopes=(Scope.WRITE,),
        load=_load,
        run=_read,
        **_COMMON,
    ),
    Operation(
        name="read_notices",
        method="POST",
        path="/notices/read",
        summary=N_("Mark all as read, or all about one record"),
        answer=ReadCount,
        body=NoticesRead,
        scopes=(Scope.WRITE,),
        run=_read_all,
        example={"newest": 1},
        **_COMMON,
    ),
]
