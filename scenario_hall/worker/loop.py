"""The worker: gives the readers of the log, the letters' sender and the clock their turns.

Four lanes, each a thread that goes round in slices of time: what people wait for (letters, the clock) never stands
behind what computes (index, matches, prior art), nor the clock behind a mail server that does not answer or a backup.
Each piece of work is under a lock of its own, so a second worker shares the work instead of waiting for the first one
to be gone.
"""

from __future__ import annotations

import contextvars
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.alerts.post import AlertPost
from scenario_hall.alerts.reader import AlertReader
from scenario_hall.config import Settings
from scenario_hall.core.pulse import pulse_of
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.log.readers import SLICE_SECONDS, Reader, ReaderRun, catch_up
from scenario_hall.matching.meaning_reader import MeaningReader
from scenario_hall.matching.reader import MatchReader
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.notices.digest import DigestPost
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.post import PersonalPost
from scenario_hall.notices.sender import LetterSender
from scenario_hall.outcomes.claim.prior_art_reader import PriorArtReader
from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import IndexReader
from scenario_hall.worker.lock import Locks
from scenario_hall.worker.schedule import run_due_jobs

logger = logging.getLogger(__name__)
LOOK_UP_SECONDS = 0.1  # how soon a lane without work sees that the worker is to end
IDLE_SECONDS = 3.0  # what falls due by time is looked for that often while nobody writes
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
DRAIN_SECONDS = 60.0  # a slice where nothing else waits


@dataclass
class Work:
    """One piece of work with the lock that it needs, and the pause after a fault of the surroundings."""

    name: str
    run: Callable[[float], int]
    lock: str
    pause: float = 0.0
    paused_until: float = 0.0

    def take_turn(self, locks: Locks, seconds: float) -> int:
        """Work for about ``seconds``, if no other worker does; returns how much was done."""
        if time.monotonic() < self.paused_until:
            return 0
        try:
            if not locks.hold(self.lock):
                return 0
            done = self.run(seconds)
            self.pause = 0.0
            return done
        except Exception:
            self.pause = min(max(FIRST_PAUSE, 2 * self.pause), LONGEST_PAUSE)
            self.paused_until = time.monotonic() + self.pause
            logger.exception("worker: %s failed, trying again in %.1f s", self.name, self.pause)
            return 0


def make_readers(settings: Settings, index: SearchIndex | None = None) -> list[Reader]:
    """Every reader, in the order in which a visitor would miss its work; ``index`` where one is open already."""
    encoder = encoder_for(settings.meaning, settings.meaning_key)
    matches = match_reader(settings)
    return [
        MailReader(settings),
        IndexReader(index or WhooshIndex(settings.search_index)),
        *([MeaningReader(encoder)] if encoder is not None else []),
        matches,
        PriorArtReader(matches),
        AlertReader(),
    ]


def make_posts(engine: Engine, settings: Settings) -> list[PersonalPost]:
    """What is written to one person at a time when it is due."""
    return [AlertPost(engine, settings), DigestPost(engine, settings)]


def match_reader(settings: Settings) -> MatchReader:
    """The matcher with the vectors of the encoder that the hall has."""
    encoder = encoder_for(settings.meaning, settings.meaning_key)
    return MatchReader(encoder.name if encoder is not None else None)


def make_lanes(engine: Engine, settings: Settings) -> list[list[Work]]:
    """What people wait for, the post, what computes, and jobs that take minutes."""
    letters, *computing = make_readers(settings)
    alerts = computing.pop()
    sender, posts = LetterSender(engine, settings), make_posts(engine, settings)
    urgent = [
        Work(letters.name, ReaderRun(engine, letters).run_slice, lock_of(letters)),
        Work(alerts.name, ReaderRun(engine, alerts).run_slice, lock_of(alerts)),
        *(Work(each.name, each.run_slice, lock=each.name) for each in posts),
        Work("clock", lambda _seconds: run_due_jobs(engine, settings), lock="clock"),
    ]
    meaning = next((each for each in computing if isinstance(each, MeaningReader)), None)
    computed = []
    for each in computing:
        if isinstance(each, MeaningReader | MatchReader):
            computed.append(Work(f"{each.name}: start", _once(engine, each), lock_of(each)))
        # A record is matched when its vectors are there.
        run = ReaderRun(engine, each, behind=meaning if isinstance(each, MatchReader) else None)
        computed.append(Work(each.name, run.run_slice, lock_of(each)))
    imports = ImportResumer(engine)
    long_jobs = Work("long jobs", lambda _seconds: run_due_jobs(engine, settings, long_ones=True), lock="long-jobs")
    post = [Work(sender.name, sender.run_slice, lock=sender.name)]
    computed.append(Work(imports.name, imports.run_slice, lock=imports.name))
    return [urgent, post, computed, [long_jobs]]


def _once(engine: Engine, reader: MeaningReader | MatchReader) -> Callable[[float], int]:
    """Makes the reader ready in the first turn that succeeds; there is nothing to do in later ones."""
    is_ready = False

    def run(_seconds: float) -> int:
        nonlocal is_ready
        if not is_ready:
            with Session(engine) as session:
                reader.prepare(session)
            is_ready = True
        return 0

    return run


def lock_of(reader: Reader) -> str:
    """The name of the lock that ``reader`` works under. Prior art is read from the matcher's memory, so one process
    has both."""
    return MatchReader.name if isinstance(reader, PriorArtReader) else reader.name


def catch_up_all(engine: Engine, settings: Settings, *, tells_since: datetime | None = None) -> bool:
    """Bring every reader to the end of the log and deliver what is due; False when a worker is at it already. After a
    story was loaded: what it says happened before ``tells_since`` is told to nobody."""
    with Locks(engine, settings.data_dir) as locks:
        if tells_since is not None and locks.hold(MailReader.name):
            catch_up(engine, MailReader(settings, tells_since))
        readers, sender = make_readers(settings), LetterSender(engine, settings)
        posts = make_posts(engine, settings)
        names = [*map(lock_of, readers), sender.name, *(each.name for each in posts)]
        if not all(locks.hold(name) for name in names):
            return False
        for reader in readers:
            if isinstance(reader, MeaningReader):
                with Session(engine) as session:
                    reader.prepare(session, reads_model=False)
            elif isinstance(reader, MatchReader):
                with Session(engine) as session:
                    reader.prepare(session)
        # The matcher tells of what it found, so a second round reads what the first one wrote.
        while sum(catch_up(engine, reader) for reader in readers):
            pass
        for each in posts:
            while each.run_slice(DRAIN_SECONDS):
                pass
        while sender.run_slice(DRAIN_SECONDS):
            pass
        return True


def run_worker(engine: Engine, settings: Settings, *, is_over: Callable[[], bool]) -> None:
    """Follow the log until ``is_over()``."""
    logger.info("worker: following the log")
    lanes = [
        # A thread begins with an empty context; the clock of a test is part of it.
        Thread(target=contextvars.copy_context().run, args=(_go_round, engine, settings, lane, is_over), daemon=True)
        for lane in make_lanes(engine, settings)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()


def _go_round(engine: Engine, settings: Settings, lane: Sequence[Work], is_over: Callable[[], bool]) -> None:
    with Locks(engine, settings.data_dir) as locks, pulse_of(engine) as pulse:
        while not is_over():
            done = sum(work.take_turn(locks, SLICE_SECONDS) for work in lane if not is_over())
            if done:
                continue
            until = min(_looks_again(lane), time.monotonic() + IDLE_SECONDS)
            while not pulse.was_felt(LOOK_UP_SECONDS) and time.monotonic() < until and not is_over():
                pass


def _looks_again(lane: Sequence[Work]) -> float:
    """When the first work that paused goes on, on the clock of ``time.monotonic``; for ever where none paused."""
    return min((work.paused_until for work in lane if work.pause), default=math.inf)
