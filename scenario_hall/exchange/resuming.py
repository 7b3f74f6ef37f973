"""Goes on with imports whose own process has ended, checks lists that were brought in the browser, and undoes imports:
the worker's part of them."""

from __future__ import annotations

import time

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.exchange.models import ImportRun, ImportUpload
from scenario_hall.exchange.runs import PAUSE_SECONDS, RunTaker, abandoned_run, actor_of_run, drop_abandoned
from scenario_hall.exchange.undoing import undo_slice, undoing_run
from scenario_hall.exchange.uploads import check_upload, waiting_upload


class ImportResumer:
    """Takes slices of abandoned imports, one import to its end after the other."""

    name = "imports"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._taker: RunTaker | None = None  # of the run that this process is at

    def run_slice(self, seconds: float) -> int:
        """Work for about ``seconds``; returns how many slices were taken. Raises what the surroundings raise.

        A list that waits for its check is read and checked as a whole.
        """
        until, done = time.monotonic() + seconds, 0
        with Session(self.engine) as session:
            if self._taker is None:
                done += drop_abandoned(session) + _check_one(session)
                found = abandoned_run(session)
                self._taker = RunTaker(found) if found is not None else None
            while self._taker is not None and time.monotonic() < until:
                if not self._taker.take_slice(session):
                    self._taker = None
                done += 1
                time.sleep(PAUSE_SECONDS)
            done += _undo_for(session, until)
        return done


def _check_one(session: Session) -> int:
    waiting = waiting_upload(session)
    if waiting is None:
        return 0
    check_upload(session, session.get_one(ImportUpload, waiting))
    return 1


def _undo_for(session: Session, until: float) -> int:
    done = 0
    while time.monotonic() < until and (run_id := undoing_run(session)) is not None:
        undo_slice(session, run_id, actor_of_run(session, session.get_one(ImportRun, run_id)))
        done += 1
        time.sleep(PAUSE_SECONDS)
    return done
