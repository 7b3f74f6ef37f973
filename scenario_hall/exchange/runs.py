"""A run of an import: its checked rows stored, then taken in slices, by whatever process goes on with it.

Law 2 of the spine: no work holds the write lock. A slice is one short transaction of rows, events and position, so a
run that was killed goes on behind its last slice, and two processes at one run never take a row twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, delete, insert, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError
from scenario_hall.core.policy import VISITOR, Actor
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.faults import RowFault, in_order, not_taken
from scenario_hall.exchange.models import ImportRow, ImportRun, ImportState
from scenario_hall.exchange.report import SLICE_ROWS, SLICE_SECONDS, faults_of
from scenario_hall.exchange.steps import Steps, in_one_go
from scenario_hall.exchange.taking import Taker
from scenario_hall.organizations.accounts import actor_of, operator_of
from scenario_hall.organizations.models import Account

logger = logging.getLogger(__name__)
STORED_ROWS, STORED_CHARACTERS = 200, 1_000_000  # of a transaction that stores checked rows
# Between two slices, for those who wait to write: SQLite hands its lock to whoever asks at the right moment.
PAUSE_SECONDS = 0.03
# The surroundings' fault (a lost connection, two processes that make the same row): the slice is tried again, a few
# times, since the row itself may be what brings it about.
SURROUNDINGS = (OperationalError, IntegrityError)
PATIENCE = 5
MAX_FAULTS = 500  # that a run keeps, of the check and of the taking each
UNFINISHED = (ImportState.CHECKED, ImportState.TAKING)
ABANDONED_AFTER = timedelta(seconds=20)  # since a process was at it; then the worker goes on with it
DROPPED_AFTER = timedelta(minutes=10)  # the same of one that cannot be gone on with


def unfinished_run(session: Session, fingerprint: str) -> ImportRun | None:
    """The run of the same list with the same options that is not at its end."""
    query = select(ImportRun).where(col(ImportRun.fingerprint) == fingerprint, col(ImportRun.state).in_(UNFINISHED))
    return session.exec(query.order_by(col(ImportRun.id))).first()


def abandoned_run(session: Session) -> int | None:
    """The oldest run that is not at its end and that no process is at."""
    query = select(ImportRun.id).where(
        col(ImportRun.state).in_(UNFINISHED), col(ImportRun.touched_at) < now() - ABANDONED_AFTER
    )
    return session.exec(query.order_by(col(ImportRun.id))).first()


def newest_runs(session: Session, *, limit: int = 20) -> list[ImportRun]:
    """The newest imports first."""
    return list(session.exec(select(ImportRun).order_by(col(ImportRun.id).desc()).limit(limit)))


def store_run(session: Session, run: ImportRun, rows: Sequence[ImportRow]) -> ImportRun:
    """Keep ``run`` and its rows until they are taken."""
    in_one_go(store_rows(session, run, rows))
    with transaction(session):
        run.state = ImportState.CHECKED
        session.add(run)
    return run


def store_rows(session: Session, run: ImportRun, rows: Sequence[ImportRow]) -> Steps[None]:
    """The same in steps, part by part; that the run may be taken is left to be said."""
    run.total = len(rows)
    with transaction(session):
        session.add(run)
    begin = 0
    while begin < len(rows):
        end = _end_of_part(rows, begin)
        with transaction(session):
            values = [_values(run.pk, place, rows[place - 1]) for place in range(begin + 1, end + 1)]
            session.connection().execute(insert(ImportRow), values)
            run.touched_at = now()
            session.add(run)
        begin = end
        time.sleep(PAUSE_SECONDS)
        yield


def drop_abandoned(session: Session) -> int:
    """Remove the runs whose process ended before all their rows were stored; returns how many."""
    query = select(ImportRun.id).where(
        col(ImportRun.state) == ImportState.CHECKING, col(ImportRun.touched_at) < now() - DROPPED_AFTER
    )
    dropped = [run_id for run_id in session.exec(query) if run_id is not None]
    for run_id in dropped:
        while _drop_rows(session, run_id):
            time.sleep(PAUSE_SECONDS)
    return len(dropped)


class RunTaker:
    """One process at one run."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self._tries = 0

    @property
    def is_patient(self) -> bool:
        """Whether what the surroundings raised is worth another try at once."""
        return self._tries <= PATIENCE

    @property
    def pause(self) -> float:
        """Seconds to wait before that try."""
        return PAUSE_SECONDS * 3.0**self._tries

    def take_slice(self, session: Session, *, rows: int = SLICE_ROWS, seconds: float = SLICE_SECONDS) -> bool:
        """Take at most ``rows`` rows in about ``seconds``, one at least; False when all are taken.

        Raises what the surroundings raise, a few times in a row at the same place.
        """
        try:
            goes_on = self._take_slice(session, rows, seconds)
        except SURROUNDINGS:
            self._tries += 1
            raise
        self._tries = 0
        return goes_on

    def _take_slice(self, session: Session, most: int, seconds: float) -> bool:
        run, waiting = self._next_rows(session, most)
        if run is None or run.state == ImportState.TAKEN:
            return False
        kind, position = ListKind(run.kind), run.position
        actor = actor_of_run(session, run)
        taker = Taker(session, actor, actor if run.releases else None, run.pk)
        faults: list[RowFault] = []
        with transaction(session):
            run = session.get_one(ImportRun, self.run_id, with_for_update=True, populate_existing=True)
            if run.position != position or run.state == ImportState.TAKEN:
                return True  # another process took these rows; the next slice reads where the run is now
            until = time.monotonic() + seconds
            taker.lock_earlier(kind, waiting)
            for row in waiting:
                faults += [replace(fault, sheet=row.sheet) for fault in self._take_row(taker, kind, row)]
                position = row.place
                if time.monotonic() >= until:
                    break
            self._settle(run, taker, position, faults)
        return run.state != ImportState.TAKEN

    def _next_rows(self, session: Session, most: int) -> tuple[ImportRun | None, list[ImportRow]]:
        session.rollback()  # what was read before is an older picture of the database
        run = session.get(ImportRun, self.run_id, populate_existing=True)
        if run is None:
            return None, []
        query = select(ImportRow).where(col(ImportRow.run_id) == run.pk, col(ImportRow.place) > run.position)
        waiting = list(session.exec(query.order_by(col(ImportRow.place)).limit(most)))
        for row in waiting:
            session.expunge(row)
        return run, waiting

    def _take_row(self, taker: Taker, kind: ListKind, row: ImportRow) -> list[RowFault]:
        """Take one row, whatever it does to itself: what raises is told at its place, and the others go on."""
        try:
            with taker.session.begin_nested():
                taker.take(kind, row)
        except HallError as error:
            return faults_of(row.number, error)
        except Exception as error:
            if isinstance(error, SURROUNDINGS) and self._tries < PATIENCE:
                raise
            logger.exception("import %d: row %d could not be taken", self.run_id, row.number)
            return [not_taken(row.number, error)]
        return []

    def _settle(self, run: ImportRun, taker: Taker, position: int, faults: list[RowFault]) -> None:
        """Write how far the run is now, in the transaction of the rows."""
        tally = taker.tally
        run.created += tally.created
        run.updated += tally.updated
        run.waiting += tally.waiting
        run.unchanged += tally.unchanged
        run.released += tally.released
        run.kept += tally.kept
        run.bad += len({fault.place for fault in faults})
        told = in_order([*faults, *taker.conflicts])
        if told:
            run.faults = [*run.faults, *(fault.as_json() for fault in told)][:MAX_FAULTS]
        run.position, run.touched_at = position, now()
        run.state = ImportState.TAKING if position < run.total else ImportState.TAKEN
        if run.state == ImportState.TAKEN:
            run.ended_at = now()
        taker.session.add(run)
        taken = col(ImportRow.run_id) == run.pk, col(ImportRow.place) <= position
        taker.session.exec(delete(ImportRow).where(*taken))


def actor_of_run(session: Session, run: ImportRun) -> Actor:
    """Who takes the rows: the operator, in somebody's name or not, or a member with their own rights."""
    account = session.get(Account, run.account_id) if run.account_id is not None else None
    if run.is_by_member:
        return actor_of(session, account) if account is not None and account.is_active else VISITOR
    return operator_of(session, account)


def _end_of_part(rows: Sequence[ImportRow], begin: int) -> int:
    """Where the part that is stored in one transaction ends."""
    characters, end = 0, begin
    while end < len(rows) and end - begin < STORED_ROWS and characters < STORED_CHARACTERS:
        characters += sum(map(len, rows[end].source_cells.values()))
        end += 1
    return end


def _values(run_id: int, place: int, row: ImportRow) -> dict[str, object]:
    return {**row.model_dump(exclude={"run_id", "place"}), "run_id": run_id, "place": place}


def _drop_rows(session: Session, run_id: int) -> bool:
    """Remove some rows of a run that is being dropped, at last the run; True while there are more."""
    with transaction(session):
        places = select(ImportRow.place).where(col(ImportRow.run_id) == run_id).limit(STORED_ROWS)
        some = list(session.exec(places.order_by(col(ImportRow.place))))
        if some:
            session.exec(delete(ImportRow).where(col(ImportRow.run_id) == run_id, col(ImportRow.place) <= some[-1]))
        else:
            session.exec(delete(ImportRun).where(col(ImportRun.id) == run_id))
    return bool(some)
