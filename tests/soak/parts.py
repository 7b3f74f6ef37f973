"""The parts of a soak that need no server, each as its figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.core.db import make_engine
from tests.conftest import close_file, prepare, settings_in
from tests.places import PLACES, make_places
from tests.soak.backups import back_up
from tests.soak.figures import Figure
from tests.soak.fuzz import fuzz
from tests.soak.kills import aftermath, kill
from tests.soak.races import race
from tests.world import World


def placed_in(folder: Path) -> Path:
    """A hall with a record of each kind in each state, in this folder."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'hall.sqlite'}"
    engine = make_engine(url)
    prepare(engine, with_people=True)
    with Session(engine) as session:
        found = make_places(World(session), settings_in(folder, url))
    (folder / PLACES).write_text(json.dumps(found), "utf-8")
    close_file(engine)
    return folder


def fuzzed(template: Path, folder: Path, requests: int, start: int = 0) -> list[Figure]:
    """Fuzz copies of the hall in ``template``; one request for each fault is told on standard error."""
    found = fuzz(template, folder, requests=requests, start=start)
    for place, request in found.failures.items():
        print(f"{place}\n    {request}", file=sys.stderr)
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(found.statuses.items()))
    return [
        Figure("fuzz", "requests", found.requests, least=requests),
        Figure("fuzz", "routes × methods reached", len(found.asked)),
        *(Figure("fuzz", f"answers of {kind}xx", _of_kind(found.statuses, kind)) for kind in (2, 3, 4)),
        Figure("fuzz", f"answers of 5xx (all answers: {statuses})", found.failed, most=0),
    ]


def _of_kind(statuses: dict[int, int], kind: int) -> int:
    return sum(count for status, count in statuses.items() if status // 100 == kind)


def killed(engine: Engine, folder: Path, kills: int, seed: int = 2026) -> list[Figure]:
    """Kill the hall on this database so often."""
    settings = settings_in(folder, engine.url.render_as_string(hide_password=False))
    after = aftermath(engine, settings, kill(engine, folder, kills=kills, seed=seed))
    name = engine.dialect.name
    for wrong in (*after.lost, *after.not_found, *after.not_told, *([after.fault] if after.fault else [])):
        print(f"{name}: {wrong}", file=sys.stderr)
    return [
        Figure("kills", f"{name}: kills", kills),
        Figure("kills", f"{name}: releases acknowledged", after.acknowledged, least=kills),
        Figure("kills", f"{name}: of these lost", len(after.lost), most=0),
        Figure("kills", f"{name}: faults of the log", int(after.fault is not None), most=0),
        Figure(
            "kills", f"{name}: index and feed: wrong or missing", len(after.not_found) + len(after.not_told), most=0
        ),
        Figure("kills", f"{name}: readers caught up", int(after.has_caught_up), least=1),
    ]


def backed_up(engine: Engine, folder: Path, backups: int) -> list[Figure]:
    """Back the hall on this database up so often while somebody works in it, and restore each."""
    here = settings_in(folder / "here", engine.url.render_as_string(hide_password=False))
    here.data_dir.mkdir(parents=True)
    found = back_up(engine, here, folder / "backups", backups=backups, restore_every=1)
    for fault in found.faults:
        print(f"{engine.dialect.name}: {fault}", file=sys.stderr)
    name = f"{engine.dialect.name}: backups restored, while {found.acknowledged} scenarios were released"
    return [
        Figure("backups", name, found.restored, least=backups),
        Figure(
            "backups", f"{engine.dialect.name}: faults, or what was acknowledged and is lost", len(found.faults), most=0
        ),
    ]


def raced(engine: Engine, ways: int) -> list[Figure]:
    """``ways`` applications with four races on each, on this database."""
    found = race(engine, ways=ways)
    for fault in dict.fromkeys(found.faults):
        print(f"{engine.dialect.name}: {fault}", file=sys.stderr)
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.run.items())
    return [
        Figure("races", f"{engine.dialect.name}: races ({kinds})", found.run.total(), least=4 * ways),
        Figure("races", f"{engine.dialect.name}: without exactly one winner", len(found.faults), most=0),
    ]
