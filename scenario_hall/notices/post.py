"""What post is that is written to one person at a time, when it is due, and the runtime that keeps one person's failure
from the others."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.log.failures import Failure, forget_failure, record_failure, waiting_items
from scenario_hall.log.readers import SURROUNDINGS

logger = logging.getLogger(__name__)


class PersonalPost(ABC):
    """Writes what is due, a slice of time at a turn. Its failures are kept under ``name``, by account."""

    name: ClassVar[str]

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.settings = settings

    @abstractmethod
    def next_account(self, session: Session, passed: Collection[int]) -> int | None:
        """The account whose letter has been due longest, none of ``passed``; None where nothing is due."""

    @abstractmethod
    def write(self, session: Session, account_id: int) -> None:
        """Write that person's letter, and mark in the same transaction that it was: it is due no more."""

    def run_slice(self, seconds: float) -> int:
        """Write letters for about ``seconds``; returns how many people were seen to. Whose letter raises is passed,
        kept as a failure and tried again later: nobody else waits for it. Raises what the surroundings raise."""
        until, done = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            with Session(self.engine) as session:
                passed = [int(item) for item in waiting_items(session, self.name)]
                account_id = self.next_account(session, passed)
                if account_id is None:
                    break
                self._see_to(session, account_id)
            done += 1
        return done

    def _see_to(self, session: Session, account_id: int) -> None:
        item = str(account_id)
        try:
            self.write(session, account_id)
        except SURROUNDINGS:
            raise
        except Exception as error:
            logger.exception("%s passes account %s, whose letter raises; it is tried again later", self.name, item)
            session.rollback()
            record_failure(session, self.name, item, error)
            return
        if session.get(Failure, (self.name, item)) is not None:
            forget_failure(session, self.name, item)
