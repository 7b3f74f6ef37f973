"""A hall that is killed again and again, and what became of that which it had acknowledged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.log.readers import lag_of
from scenario_hall.log.verifying import verify
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.web.public.feed import latest
from scenario_hall.worker.loop import catch_up_all
from scenario_hall.worker.readers import make_readers
from tests import crash_child
from tests.children import Child

RELEASED = "released"


@dataclass(frozen=True)
class Aftermath:
    """What the hall has after the kills, once its readers have caught up."""

    acknowledged: int
    lost: list[str]  # acknowledged as released, and not
    fault: str | None  # of the log
    has_caught_up: bool
    not_found: list[str]  # released, and in the index not found, or the other way round
    not_told: list[str]  # acknowledged, and not in the feed


def kill(engine: Engine, folder: Path, *, kills: int, seed: int = 2026) -> list[str]:
    """Start a hall that posts and releases, and SIGKILL it within 0.4 s of its first release, so often; the codes of
    the scenarios whose release it had acknowledged."""
    url = engine.url.render_as_string(hide_password=False)
    chance, acknowledged = random.Random(seed), list[str]()
    for _ in range(kills):
        child = Child(crash_child.main, folder, url)
        first = child.line()
        acknowledged += [first, *child.killed_after(chance.uniform(0.0, 0.4))]
    return acknowledged


def aftermath(engine: Engine, settings: Settings, acknowledged: Sequence[str]) -> Aftermath:
    """Look for what was acknowledged: in the tables, the log, the index and the feed."""
    with Session(engine) as session:
        fault = verify(session).fault
        released = set(session.exec(select(Scenario.code).where(col(Scenario.state) == RELEASED)))
        session.rollback()  # what was read above is an older picture of the database
        catch_up_all(engine, settings)
        lags = {lag_of(session, reader).events for reader in make_readers(settings)}
        told = {line.key for line in latest(session, 2 * len(acknowledged) + 5_000)}
    return Aftermath(
        acknowledged=len(acknowledged),
        lost=sorted(set(acknowledged) - released),
        fault=None if fault is None else str(fault),
        has_caught_up=lags == {0},
        not_found=sorted(released ^ _in_index(WhooshIndex(settings.search_index))),
        not_told=sorted(set(acknowledged) - told),
    )


def _in_index(index: WhooshIndex) -> set[str]:
    found, page = set[str](), 1
    while hits := index.search(SearchQuery(kind="scenario", page_size=50, page=page), now()).hits:
        found |= {hit.code for hit in hits}
        page += 1
    return found
