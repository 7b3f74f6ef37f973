"""The worker: gives the readers of the log, the letters' sender, the webhooks' and the clock their turns.

Five lanes, each a thread that goes round in slices of time: what people wait for (letters, the clock) never stands
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
from scenario_hall.config import Settings
from scenario_hall.core.errors import Unavailable
from scenario_hall.core.pulse import pulse_of
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.log.readers import SLICE_SECONDS, Reader, ReaderRun, catch_up
from scenario_hall.matching.meaning_reader import MeaningReader
from scenario_hall.matching.reader import MatchReader
from scenario_hall.matching.shard_readers import AllShares, MergingReader, ShardReader
from scenario_hall.notices.digest import DigestPost
from scenario_hall.notices.mail import MailReader
from scenario_hall.notices.post import PersonalPost
from scenario_hall.notices.sender import LetterSender
from scenario_hall.webhooks.post import WebhookPost
from scenario_hall.worker.lock import Locks
from scenario_hall.worker.readers import PREPARED, lock_of, make_readers
from scenario_hall.worker.schedule import run_due_jobs

logger = logging.getLogger(__name__)
LOOK_UP_SECONDS = 0.1  # how soon a lane without work sees that the worker is to end
IDLE_SECONDS = 3.0  # what falls due by time is looked for that often while nobody writes
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SHARE_SECONDS = 1.5
DRAIN_SECONDS = 60.0  # a slice where nothing else waits


@dataclass
class Pace:
    """How soon a worker takes one more share of the matcher: the more it has, the longer it leaves them to others, so
    that workers that start together get about as many each, and what a dead one had is taken over."""

    taken: int = 0
    next_at: float = 0.0

    @property
    def is_time(self) -> bool:
        return time.monotonic() >= self.next_at

    def take(self) -> None:
        self.taken += 1
        self.next_at = time.monotonic() + SHARE_SECONDS * self.taken


@dataclass
class Work:
    """One piece of work with the lock that it needs, and the pause after a fault of the surroundings."""

    name: str
    run: Callable[[float], int]
    lock: str
    pace: Pace | None = None
    is_held: bool = False
    pause: float = 0.0
    paused_until: float = 0.0

    def take_turn(self, locks: Locks, seconds: float) -> int:
        """Work for about ``seconds``, if no other worker does; returns how much was done."""
        if time.monotonic() < self.paused_until:
            return 0
        try:
            if not self._hold(locks):
                return 0
            done = self.run(seconds)
            self.pause = 0.0
            return done
        except Exception:
            self.pause = min(max(FIRST_PAUSE, 2 * self.pause), LONGEST_PAUSE)
            self.paused_until = time.monotonic() + self.pause
            logger.exception("worker: %s failed, trying again in %.1f s", self.name, self.pause)
            return 0

    def _hold(self, locks: Locks) -> bool:
        if self.pace is not None and not self.is_held and not self.pace.is_time:
            return False
        was_held, self.is_held = self.is_held, locks.hold(self.lock)
        if self.pace is not None and self.is_held and not was_held:
            self.pace.take()
        return self.is_held


def make_posts(engine: Engine, settings: Settings) -> list[PersonalPost]:
    """What is written to one person at a time when it is due."""
    return [AlertPost(engine, settings), DigestPost(engine, settings)]


def make_lanes(engine: Engine, settings: Settings) -> list[list[Work]]:
    """What people wait for, the post, webhooks, what computes, and jobs that take minutes."""
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
    shards = [each for each in computing if isinstance(each, ShardReader)]
    pace, computed = Pace(), []
    for each in computing:
        if isinstance(each, PREPARED):
            computed.append(Work(f"{each.name}: start", _once(engine, each), lock_of(each)))
        # A record is matched when its vectors are there, and merged when every share has it.
        is_merging = isinstance(each, MergingReader)
        ahead = AllShares(shards) if is_merging else meaning if isinstance(each, MatchReader) else None
        run = ReaderRun(engine, each, behind=ahead)
        computed.append(Work(each.name, run.run_slice, lock_of(each), pace if isinstance(each, ShardReader) else None))
        if isinstance(each, MergingReader):
            computed.append(Work(f"{each.name}: late", _late(engine, each), lock_of(each)))
    imports = ImportResumer(engine)
    long_jobs = Work("long jobs", lambda _seconds: run_due_jobs(engine, settings, long_ones=True), lock="long-jobs")
    post = [Work(sender.name, sender.run_slice, lock=sender.name)]
    computed.append(Work(imports.name, imports.run_slice, lock=imports.name))
    webhook_post = WebhookPost(engine, settings)
    webhooks = [Work(webhook_post.name, webhook_post.run_slice, lock=webhook_post.name)]
    return [urgent, post, webhooks, computed, [long_jobs]]


def _late(engine: Engine, reader: MergingReader) -> Callable[[float], int]:
    def run(_seconds: float) -> int:
        with Session(engine) as session:
            return reader.merge_waiting(session)

    return run


def _once(engine: Engine, reader: MeaningReader | MatchReader | MergingReader) -> Callable[[float], int]:
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
            elif isinstance(reader, PREPARED):
                with Session(engine) as session:
                    reader.prepare(session)
        # The matcher tells of what it found, so a second round reads what the first one wrote.
        while sum(_caught_up(engine, reader) for reader in readers):
            pass
        for each in posts:
            while each.run_slice(DRAIN_SECONDS):
                pass
        while sender.run_slice(DRAIN_SECONDS):
            pass
        return True


def _caught_up(engine: Engine, reader: Reader) -> int:
    """A reader whose program does not answer stays behind; the others need not wait for it."""
    try:
        return catch_up(engine, reader)
    except Unavailable as error:
        logger.warning("%s stays behind: %s", reader.name, error)
        return 0


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
