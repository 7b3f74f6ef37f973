"""SIGKILL at any moment loses no acknowledged change; index, matches and feed catch up from the log."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.log.readers import lag_of
from scenario_hall.log.verifying import verify
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchQuery
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.web.public.feed import latest
from scenario_hall.worker.loop import catch_up_all, make_readers
from tests import crash_child
from tests.children import Child
from tests.conftest import settings_in
from tests.world import World

KILLS = 20


@pytest.mark.timeout(280)
def test_twenty_kills_lose_nothing_that_was_acknowledged(
    small_world: World, sqlite_engine: Engine, tmp_path: Path
) -> None:
    small_world.listed_product()
    small_world.session.commit()
    url = sqlite_engine.url.render_as_string()
    chance, acknowledged = random.Random(2026), []
    for _ in range(KILLS):
        child = Child(crash_child.main, tmp_path, url)
        first = child.line()
        acknowledged += [first, *child.killed_after(chance.uniform(0.0, 0.4))]
    with Session(sqlite_engine) as session:
        assert verify(session).fault is None
        states = dict(
            session.exec(select(Scenario.code, Scenario.state).where(col(Scenario.code).in_(acknowledged))).all()
        )
        assert states == dict.fromkeys(acknowledged, "released")
        assert len(acknowledged) >= KILLS
        settings = settings_in(tmp_path, url)
        session.rollback()  # what was read above is an older picture of the database
        assert catch_up_all(sqlite_engine, settings)
        index = WhooshIndex(settings.search_index)
        assert {lag_of(session, reader).events for reader in make_readers(settings)} == {0}
        found, page = set(), 1
        while hits := index.search(SearchQuery(kind="scenario", page_size=50, page=page), now()).hits:
            found |= {hit.code for hit in hits}
            page += 1
        assert found == set(session.exec(select(Scenario.code).where(col(Scenario.state) == "released")))
        in_feed = {line.key for line in latest(session, 5000)}
        assert set(acknowledged) <= in_feed
