"""Goes on with imports whose own process has ended: the worker's part of them."""

from __future__ import annotations

import time

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.exchange.runs import PAUSE_SECONDS, RunTaker, abandoned_run, drop_abandoned


class ImportResumer:
    """Takes slices of abandoned imports, one import to its end after the other."""

    name = "imports"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._taker: RunTaker | None = None  # of the run that this process is at

    def run_slice(self, seconds: float) -> int:
        """Work for about ``seconds``; returns how many slices were taken. Raises what the surroundings raise."""
        until, done = time.monotonic() + seconds, 0
        with Session(self.engine) as session:
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
