"""Backups of a hall in which somebody releases one scenario after another, and what each is when it is restored."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.recovery.backup import make_backup
from scenario_hall.recovery.restore import restored_in_scratch
from scenario_hall.scenarios.models import Scenario
from tests.world import World


@dataclass
class Backups:
    """How many were made and restored, and what was wrong with some, in words."""

    made: int = 0
    restored: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def back_up(engine: Engine, here: Settings, folder: Path, *, backups: int, restore_every: int) -> Backups:
    """Make ``backups`` under load and restore every so-maniest into a scratch place: it verifies against its manifest,
    checkpoints and log, and has all that was acknowledged before it began."""
    here = replace(here, backup_key="")  # sealing takes its time each time, and has a test of its own
    found, released, is_over = Backups(), list[str](), threading.Event()

    def work() -> None:
        with Session(engine) as session:
            world = World(session)
            while not is_over.is_set():
                released.append(world.released_scenario().code)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(backups):
            before = set(released)
            made = make_backup(engine, here, folder)
            found.made += 1
            if number % restore_every == 0:
                found.faults += [f"backup {number}: {fault}" for fault in _faults(made.folder, engine, here, before)]
                found.restored += 1
    finally:
        is_over.set()
        worker.join()
    found.acknowledged = len(released)
    return found


def _faults(backup: Path, engine: Engine, here: Settings, before: set[str]) -> list[str]:
    with restored_in_scratch(backup, engine, here) as (there, wrong):
        scratched = make_engine(there.database_url)
        with Session(scratched) as session:
            lost = before - set(session.exec(select(Scenario.code)))
        scratched.dispose()
        return [*wrong, *(f"{code} is lost" for code in sorted(lost))]
