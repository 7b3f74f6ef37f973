"""``make soak``: the hall under load, at odd requests, killed and raced, and its search servers killed, with one table of
what came of it.

``python -m tests.soak [--only load|feeds|people|fuzz|kills|races|backups|search] [--scale 0.1] [--seconds 600] [--json]``;
the exit status is 1 when a bound is broken. The suite runs the same parts small (``test_soak.py``), but for the search
servers, of which it has one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from benchmarks.hall import served_in, settings_of
from scenario_hall.core.db import make_engine
from scenario_hall.organizations.models import Account
from tests.conftest import PEOPLED, prepare
from tests.postgres import PrivatePostgres
from tests.soak.figures import Figure, as_rows, table
from tests.soak.load import Load, load
from tests.soak.nodes import survived
from tests.soak.parts import backed_up, fuzzed, killed, placed_in, raced
from tools.opensearch.packages import opensearch_packages
from tools.programs import postgres_programs

PASSWORD = "harbour-lantern-2026"  # of all demonstration accounts
FEEDS, PEOPLE, THINK, SECONDS = 2_000, 50, 10.0, 600.0
WARM = 120.0  # seconds; after about 400 requests of people the web processes have loaded what they need
REQUESTS, KILLS, WAYS, BACKUPS = 100_000, 100, 250, 20  # four races each way
NODES_KILLED = 9
LOADED = ("load", "feeds", "people")  # all of it, or the feeds or the people alone
PARTS = ("load", "fuzz", "kills", "races", "backups", "search")


def main() -> int:
    """Measure, print, and judge."""
    reader = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    reader.add_argument("--only", choices=(*PARTS, "feeds", "people"), help="one part")
    reader.add_argument("--scale", type=float, default=1.0, help="of the requests, kills, races, feeds and people")
    reader.add_argument("--seconds", type=float, default=SECONDS, help="how long feeds and people stay")
    reader.add_argument("--start", type=int, default=0, help="the seed of the first requests and of the kills")
    reader.add_argument("--json", action="store_true", help="print JSON")
    given = reader.parse_args()
    figures: list[Figure] = []
    for part in (given.only,) if given.only else PARTS:
        with tempfile.TemporaryDirectory() as folder:
            if part in LOADED:
                figures += _load(part, Path(folder), given.scale, given.seconds)
            elif part == "fuzz":
                template = placed_in(Path(folder) / "template")
                figures += fuzzed(template, Path(folder), _scaled(REQUESTS, given.scale), given.start)
            elif part == "search":
                figures += _without_nodes(Path(folder), _scaled(NODES_KILLED, given.scale))
            else:
                figures += _on_both(part, Path(folder), given.scale, given.start)
    print(json.dumps(as_rows(figures), ensure_ascii=False) if given.json else table(figures))
    return 0 if all(each.is_kept for each in figures) else 1


def _scaled(number: int, scale: float) -> int:
    return max(1, round(number * scale))


def _load(part: str, folder: Path, scale: float, seconds: float) -> list[Figure]:
    # One proxy before the hall tells the visitors' addresses, as in production.
    settings = settings_of(folder, HALL_PROXIES="1")
    with served_in(folder, "--demo", settings=settings) as (base, served):
        engine = make_engine(settings["HALL_DATABASE_URL"])
        with Session(engine) as session:
            emails = session.exec(select(Account.email).order_by(col(Account.id)).limit(PEOPLE)).all()
        engine.dispose()
        much = Load(
            feeds=0 if part == "people" else _scaled(FEEDS, scale),
            people=0 if part == "feeds" else _scaled(PEOPLE, scale),
            seconds=seconds,
            idle=max(30.0, seconds / 5),
            think=THINK,
            warm=max(WARM, seconds / 5),
        )
        return load(base, served.pid, [(email, PASSWORD) for email in emails], much)


def _without_nodes(folder: Path, kills: int) -> list[Figure]:
    """What cannot be measured is no bound that is kept."""
    packages = opensearch_packages()
    if packages is None:
        return [Figure("search", "OpenSearch: measured", 0, least=1)]
    folder.chmod(0o755)  # the servers run as another user
    return survived(packages, folder, kills)


def _on_both(part: str, folder: Path, scale: float, start: int) -> list[Figure]:
    """Kills, races or backups, on SQLite and on PostgreSQL; what cannot be measured is no bound that is kept."""
    measures: dict[str, Callable[[Engine, Path], list[Figure]]] = {
        "kills": lambda engine, here: killed(engine, here, _scaled(KILLS, scale), 2026 + start),
        "races": lambda engine, _here: raced(engine, _scaled(WAYS, scale)),
        "backups": lambda engine, here: backed_up(engine, here, _scaled(BACKUPS, scale)),
    }
    figures: list[Figure] = []
    with _databases(folder) as urls:
        for name, url in urls.items():
            here = folder / name
            here.mkdir()
            engine = make_engine(url)
            prepare(engine, with_people=True)
            figures += measures[part](engine, here)
            engine.dispose()
    return figures if len(urls) > 1 else [*figures, Figure(part, "postgresql: measured", 0, least=1)]


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    """An empty database of each kind that is on this machine."""
    urls = {"sqlite": f"sqlite:///{folder / 'hall.sqlite'}"}
    programs = postgres_programs()
    if programs is None:
        yield urls
        return
    server = PrivatePostgres(programs)
    server.start()
    try:
        server.create_database(PEOPLED)
        yield {**urls, "postgresql": server.url(PEOPLED)}
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
