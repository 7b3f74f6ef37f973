"""The worker: one process for the whole hall that runs the readers of the log and the scheduled jobs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy import Engine

from scenario_hall.config import Settings
from scenario_hall.log.readers import Reader, catch_up
from scenario_hall.matching.reader import MatchReader
from scenario_hall.notices.mail import MailReader
from scenario_hall.outcomes.claim.prior_art_reader import PriorArtReader
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import IndexReader
from scenario_hall.worker.lock import worker_lock
from scenario_hall.worker.schedule import run_due_jobs

logger = logging.getLogger(__name__)
IDLE_SECONDS = 0.1
CLOCK_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


def make_readers(settings: Settings) -> list[Reader]:
    """Every reader, in the order in which they run."""
    matches = MatchReader()
    return [IndexReader(WhooshIndex(settings.search_index)), matches, PriorArtReader(matches), MailReader(settings)]


def catch_up_all(engine: Engine, settings: Settings) -> bool:
    """Bring every reader to the end of the log, unless a worker is doing so already (then False)."""
    with worker_lock(engine, settings.data_dir) as is_ours:
        if is_ours:
            # The matcher appends events, so a second round reads what the first one wrote.
            readers = make_readers(settings)
            while sum(catch_up(engine, reader) for reader in readers):
                pass
        return is_ours


def run_worker(engine: Engine, settings: Settings, *, is_over: Callable[[], bool]) -> None:
    """Follow the log until ``is_over()``. A second worker waits until the first one is gone."""
    while not is_over():
        with worker_lock(engine, settings.data_dir) as is_ours:
            if is_ours:
                logger.info("worker: following the log")
                _follow(engine, settings, is_over)
                return
        time.sleep(1.0)


def _follow(engine: Engine, settings: Settings, is_over: Callable[[], bool]) -> None:
    readers = make_readers(settings)
    pauses: dict[str, tuple[float, float]] = {}  # reader → (length of the pause, its end)
    next_clock = 0.0
    while not is_over():
        worked = 0
        for reader in readers:
            length, end = pauses.get(reader.name, (0.0, 0.0))
            if time.monotonic() < end:
                continue
            try:
                worked += catch_up(engine, reader)
                pauses.pop(reader.name, None)
            except Exception:
                # One failing reader (a mail server that is down) must not stop the others; it is tried again.
                length = min(max(FIRST_PAUSE, 2 * length), LONGEST_PAUSE)
                logger.exception("worker: reader %s failed, trying again in %.1f s", reader.name, length)
                pauses[reader.name] = (length, time.monotonic() + length)
        if time.monotonic() >= next_clock:
            next_clock = time.monotonic() + CLOCK_SECONDS
            worked += run_due_jobs(engine)
        if not worked:
            time.sleep(IDLE_SECONDS)
