"""What the list of bulletins and the page of one show: what was frozen, and the month that is running."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from scenario_hall.bulletins.figures import Figures
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.bulletins.months import Month
from scenario_hall.bulletins.pace import Pace, pace_of
from scenario_hall.bulletins.service import Counted, count_bulletins, find_bulletin, unfrozen
from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.certificate.models import Certificate

PAGE_SIZE = 24

# Gives what was counted of the months that are not frozen, or counts it.
Keep = Callable[[Callable[[], list[Counted]]], list[Counted]]


def keep_nothing(count: Callable[[], list[Counted]]) -> list[Counted]:
    """Count it."""
    return count()


@dataclass(frozen=True)
class MonthRow:
    """One month: its figures as of ``entry``, whose hash is ``entry_hash``; ``frozen_at`` is None while it runs."""

    month: Month
    figures: Figures
    pace: Pace
    day: date  # its last, or today
    entry: int
    entry_hash: str
    frozen_at: datetime | None

    @property
    def code(self) -> str:
        return self.month.code


@dataclass(frozen=True)
class BulletinsDossier:
    """One page of the months, the newest first; those that are not frozen stand on the first page."""

    rows: Sequence[MonthRow]
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class BulletinDossier:
    """One month beside the one before it, and the certificates that it names."""

    row: MonthRow
    before: Figures | None
    issued: Sequence[Certificate]
    revoked: Sequence[Certificate]
    has_next: bool


def bulletins_dossier(
    session: Session, page: int, size: int = PAGE_SIZE, keep: Keep = keep_nothing
) -> BulletinsDossier:
    """``size`` months on a page. ``keep`` may have those that are not frozen already; else it takes them by the
    function that it is given."""
    open_ones = keep(lambda: list(unfrozen(session)))
    total = count_bulletins(session) + len(open_ones)
    start = (page - 1) * size
    rows = [_row_of_counted(each) for each in reversed(open_ones)][start : start + size]
    if len(rows) < size:
        query = select(Bulletin).order_by(col(Bulletin.id).desc())
        query = query.limit(size - len(rows)).offset(max(0, start - len(open_ones)))
        rows += [row_of_frozen(each) for each in session.exec(query)]
    return BulletinsDossier(rows, total, page, size)


def bulletin_dossier(session: Session, code: str, keep: Keep = keep_nothing) -> BulletinDossier:
    """The month of ``code`` (“2026-11”). Raises NotFound where the hall has no figures of it."""
    month = Month.read(code)
    if month is None:
        raise _missing()
    frozen = find_bulletin(session, month)
    open_ones = keep(lambda: list(unfrozen(session)))
    row = row_of_frozen(frozen) if frozen is not None else _row_among(open_ones, month)
    before = find_bulletin(session, month.previous())
    earlier = before.read() if before is not None else _figures_among(open_ones, month.previous())
    numbers = [*row.figures.issued, *row.figures.revoked]
    found = {
        each.number: each for each in session.exec(select(Certificate).where(col(Certificate.number).in_(numbers)))
    }
    return BulletinDossier(
        row=row,
        before=earlier,
        issued=[found[number] for number in row.figures.issued if number in found],
        revoked=[found[number] for number in row.figures.revoked if number in found],
        has_next=frozen is not None or month != open_ones[-1].month,
    )


def row_of_frozen(bulletin: Bulletin) -> MonthRow:
    """What is shown of one that was frozen."""
    figures, day = bulletin.read(), bulletin.month.last_day
    return MonthRow(
        month=bulletin.month,
        figures=figures,
        pace=pace_of(figures, day),
        day=day,
        entry=bulletin.entry,
        entry_hash=bulletin.entry_hash,
        frozen_at=bulletin.made_at,
    )


def _row_of_counted(counted: Counted) -> MonthRow:
    day = min(counted.month.last_day, local_today())
    pace = pace_of(counted.figures, day)
    return MonthRow(counted.month, counted.figures, pace, day, counted.entry, counted.entry_hash, None)


def _row_among(open_ones: Sequence[Counted], month: Month) -> MonthRow:
    found = next((each for each in open_ones if each.month == month), None)
    if found is None:
        raise _missing()
    return _row_of_counted(found)


def _figures_among(open_ones: Sequence[Counted], month: Month) -> Figures | None:
    return next((each.figures for each in open_ones if each.month == month), None)


def _missing() -> NotFound:
    return NotFound(N_("The hall has no bulletin of this month."))
