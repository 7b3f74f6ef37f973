"""The monthly bulletins: every frozen one, and the month that is running."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import ListQuery, RecordQuery, Told
from scenario_hall.bulletins.figures import Count, Flow, Part
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.core.texts import N_
from scenario_hall.dossiers.bulletins import MonthRow, bulletin_dossier, row_of_frozen


class BulletinTold(Told):
    """A month's figures as of ``entry`` of the log; ``frozen_at`` is null while they still change. ``points``: the
    share of the target that is reached less the share of the year that is over, in percent; below 0 when behind."""

    month: str
    link: str
    page: str
    entry: int
    entry_hash: str
    frozen_at: datetime | None
    firsts: int
    target: int
    reached: float
    elapsed: float
    points: float
    running: int
    on_notice: int
    flows: dict[Count, Flow]
    regions: dict[str, Part]
    domains: dict[str, Part]
    issued: list[str]
    revoked: list[str]


def _told(row: MonthRow) -> BulletinTold:
    return BulletinTold(
        **row.figures.model_dump(),
        link=f"/api/v1/bulletins/{row.code}",
        page=f"/bulletins/{row.code}",
        entry=row.entry,
        entry_hash=row.entry_hash,
        frozen_at=row.frozen_at,
        reached=row.pace.reached,
        elapsed=row.pace.elapsed,
        points=row.pace.points,
    )


def _bulletins(_call: Call) -> SelectOfScalar[Bulletin]:
    return select(Bulletin)


def _bulletin(call: Call) -> BulletinTold:
    return _told(bulletin_dossier(call.session, call.path["month"]).row)


OPERATIONS = [
    Operation(
        name="list_bulletins",
        method="GET",
        path="/bulletins",
        subject="hall",
        summary=N_("Every frozen monthly bulletin"),
        query=ListQuery,
        answer=BulletinTold,
        listing=Listing(
            _bulletins,
            Bulletin.id,
            lambda _call, _row: True,
            lambda _call, row: _told(row_of_frozen(row)),
            BulletinTold,
        ),
    ),
    Operation(
        name="get_bulletin",
        method="GET",
        path="/bulletins/{month}",
        subject="hall",
        summary=N_("One month's figures, frozen or so far"),
        query=RecordQuery,
        answer=BulletinTold,
        run=_bulletin,
    ),
]
