"""The worker: no event stops a reader, no reader keeps another from its turn, two workers share the work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import append, last_id
from scenario_hall.log.failures import all_failures
from scenario_hall.log.readers import Batch, Reader, catch_up, lag_of
from scenario_hall.matching.models import StoredMatch
from scenario_hall.notices.models import LetterState, StoredLetter
from scenario_hall.worker import loop
from scenario_hall.worker.lock import Locks
from scenario_hall.worker.loop import IDLE_SECONDS, SHARE_SECONDS, Pace, Work, catch_up_all, run_worker
from scenario_hall.worker.readers import make_readers
from tests.conftest import settings_in
from tests.world import World

BEHIND = 1_000


class Stumbling:
    """A reader that raises at one event and is itself at all others."""

    def __init__(self, reader: Reader, event_id: int) -> None:
        self.reader, self.event_id = reader, event_id
        self.name, self.wants = reader.name, reader.wants

    def position(self, session: Session) -> int:
        return self.reader.position(session)

    def advance(self, session: Session, batch: Batch) -> None:
        if any(event.id == self.event_id for event in batch.events):
            raise ValueError("cannot be read")
        self.reader.advance(session, batch)


@pytest.fixture
def here(engine: Engine, tmp_path: Path) -> Settings:
    return settings_in(tmp_path, engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mail", "scenario.released"),
        ("search", "scenario.amended"),
        ("matcher", "scenario.amended"),
        ("novelty", "product.amended"),
    ],
)
def test_an_event_that_always_raises_stops_no_reader(
    world: World, engine: Engine, here: Settings, name: str, kind: str
) -> None:
    scenario, product = world.released_scenario(), world.listed_product()
    record = product if kind.startswith("product") else scenario
    reader = next(each for each in make_readers(here) if each.name == name)
    catch_up(engine, reader)
    with Session(engine) as session, transaction(session):
        for _ in range(BEHIND + 1):
            append(
                session,
                kind=kind,
                actor_id=None,
                subject_kind=record.subject,
                subject_id=record.pk,
                subject_code=record.code,
            )
        bad, end = last_id(session) - BEHIND, last_id(session)
    catch_up(engine, Stumbling(reader, bad))
    with Session(engine) as session:
        assert reader.position(session) == end
        assert [(row.work, row.item) for row in all_failures(session)] == [(name, str(bad))]
        assert lag_of(session, reader).events == 0


def test_what_raises_waits_and_does_not_end_the_lane(engine: Engine, here: Settings) -> None:
    turns: list[str] = []

    def breaks(_seconds: float) -> int:
        turns.append("breaks")
        raise RuntimeError("the disk is full")

    def works(_seconds: float) -> int:
        turns.append("works")
        return 1

    lane = [Work("breaks", breaks, "breaks"), Work("works", works, "works")]
    with Locks(engine, here.data_dir) as locks:
        for _ in range(3):
            for work in lane:
                work.take_turn(locks, 0.1)
    assert turns == ["breaks", "works", "works", "works"]  # the broken one pauses


def test_a_lock_is_held_by_one_process_and_given_back(engine: Engine, here: Settings) -> None:
    with Locks(engine, here.data_dir) as one, Locks(engine, here.data_dir) as other:
        assert one.hold("matcher") and one.hold("matcher") and other.hold("search")
        assert not other.hold("matcher") and not one.hold("search")
        one.release_all()
        # The database gives it back when it has noticed that the connection is gone.
        until = time.monotonic() + 30.0
        while not (is_held := other.hold("matcher")) and time.monotonic() < until:
            time.sleep(0.05)
        assert is_held


def test_catching_up_by_hand_leaves_a_running_worker_alone(engine: Engine, here: Settings) -> None:
    with Locks(engine, here.data_dir) as locks:
        assert locks.hold("matcher")
        assert not catch_up_all(engine, here)
    assert catch_up_all(engine, here)


def test_two_workers_do_everything_once(world: World, engine: Engine, here: Settings) -> None:
    for number in range(3):
        world.released_scenario(title=f"场景{number}")
        world.person(f"{number}@new.example", is_confirmed=False)
    world.session.commit()
    until = time.monotonic() + 60.0

    def is_done() -> bool:
        with Session(engine) as session:
            is_read = all(lag_of(session, reader).events == 0 for reader in make_readers(here))
            waiting = select(StoredLetter.id).where(col(StoredLetter.state) == LetterState.WAITING)
            return is_read and session.exec(waiting).first() is None

    def is_over() -> bool:
        return time.monotonic() > until or (is_done() and len(list(here.outbox.glob("*.eml"))) >= 3)

    run: Callable[[], None] = lambda: run_worker(engine, here, is_over=is_over)  # noqa: E731
    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert is_done()
    letters = [path.read_text() for path in here.outbox.glob("*.eml")]
    assert sum("0@new.example" in letter for letter in letters) == 1


def test_two_workers_share_a_divided_matcher(world: World, engine: Engine, here: Settings) -> None:
    divided = replace(here, match_shards=3)
    products = [world.listed_product() for _ in range(5)]
    scenario = world.released_scenario()
    world.session.commit()
    until = time.monotonic() + 60.0

    def is_over() -> bool:
        with Session(engine) as session:
            is_read = all(lag_of(session, reader).events == 0 for reader in make_readers(divided))
        return is_read or time.monotonic() > until

    run: Callable[[], None] = lambda: run_worker(engine, divided, is_over=is_over)  # noqa: E731
    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = world.session.exec(select(StoredMatch).execution_options(populate_existing=True)).all()
    assert {row.product_id for row in found if row.scenario_id == scenario.pk} == {each.pk for each in products}


def test_shares_are_left_to_others_and_taken_over_from_the_dead(
    engine: Engine, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    workers = [Locks(engine, here.data_dir) for _ in range(2)]
    pieces = []
    for _ in workers:
        pace = Pace()
        pieces.append([Work(f"share-{number}", lambda _seconds: 1, f"share-{number}", pace) for number in range(4)])

    def turns() -> list[int]:
        return [sum(work.take_turn(locks, 1.0) for work in own) for own, locks in zip(pieces, workers, strict=True)]

    try:
        assert turns() == [1, 1]
        passed[0] += SHARE_SECONDS
        assert turns() == [2, 2]
        passed[0] += 10 * SHARE_SECONDS
        assert turns() == [2, 2]  # there is none left to take
        workers[0].release_all()
        workers[0], pieces[0] = Locks(engine, here.data_dir), []
        passed[0] += SHARE_SECONDS
        assert turns() == [0, 3]
        passed[0] += 10.0
        assert turns() == [0, 4]
    finally:
        for locks in workers:
            locks.release_all()


def test_a_worker_without_work_asks_seldom_and_is_woken_by_a_write(
    world: World, engine: Engine, here: Settings
) -> None:
    catch_up_all(engine, here)
    begun: list[float] = []
    event.listen(engine, "begin", lambda _connection: begun.append(time.monotonic()))
    end = threading.Event()
    worker = threading.Thread(target=run_worker, args=(engine, here), kwargs={"is_over": end.is_set})
    worker.start()
    try:
        while not begun or time.monotonic() - begun[-1] < 0.5:
            time.sleep(0.05)
        before, quiet = len(begun), time.monotonic()
        time.sleep(2.0)
        asked = (len(begun) - before) / (time.monotonic() - quiet)
        world.person("new@new.example", is_confirmed=False)
        written = time.monotonic()
        while not list(here.outbox.glob("*.eml")) and time.monotonic() < written + 20.0:
            time.sleep(0.02)
        took = time.monotonic() - written
    finally:
        end.set()
        worker.join()
    assert asked < 12  # 62 a second, when each lane asked ten times
    assert took < IDLE_SECONDS
