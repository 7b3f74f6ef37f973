"""Goes on with imports whose own process has ended, checks lists that were brought in the browser, and undoes imports:
the worker's part of them."""

from __future__ import annotations

import time

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.exchange.models import ImportRun, ImportUpload
from scenario_hall.exchange.runs import PAUSE_SECONDS, RunTaker, abandoned_run, actor_of_run, drop_abandoned
from scenario_hall.exchange.undoing import undo_slice, undoing_run
from scenario_hall.exchange.upload_checks import UploadCheck
from scenario_hall.exchange.uploads import waiting_upload


class ImportResumer:
    """Takes slices of abandoned imports and of checks, one list to its end after the other."""

    name = "imports"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._taker: RunTaker | None = None  # of the run that this process is at
        self._check: UploadCheck | None = None  # with a session of its own

    def run_slice(self, seconds: float) -> int:
        """Work for about ``seconds``; returns how many slices were taken. Raises what the surroundings raise."""
        share = seconds / 3  # each of the three kinds of work has its turn
        with Session(self.engine) as session:
            done = self._take_for(session, share) + _undo_for(session, share)
            return done + self._check_for(session, share)

    def _take_for(self, session: Session, seconds: float) -> int:
        until, done = time.monotonic() + seconds, 0
        if self._taker is None:
            done += drop_abandoned(session)
            found = abandoned_run(session)
            self._taker = RunTaker(found) if found is not None else None
        while self._taker is not None and time.monotonic() < until:
            if not self._taker.take_slice(session):
                self._taker = None
            done += 1
            time.sleep(PAUSE_SECONDS)
        return done

    def _check_for(self, session: Session, seconds: float) -> int:
        """Go on with the list that is being checked, or begin with the oldest that waits."""
        if self._check is None:
            waiting = waiting_upload(session)
            if waiting is None:
                return 0
            own = Session(self.engine)
            self._check = UploadCheck(own, own.get_one(ImportUpload, waiting))
        goes_on = False
        try:
            goes_on = self._check.work_for(seconds)
        finally:
            if not goes_on:
                self._check.session.close()
                self._check = None
        return 1


def _undo_for(session: Session, seconds: float) -> int:
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and (run_id := undoing_run(session)) is not None:
        undo_slice(session, run_id, actor_of_run(session, session.get_one(ImportRun, run_id)))
        done += 1
        time.sleep(PAUSE_SECONDS)
    return done
