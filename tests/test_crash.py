"""SIGKILL at any moment loses no acknowledged change; index, matches and feed catch up from the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import settings_in
from tests.soak.kills import aftermath, kill
from tests.world import World

KILLS = 20


@pytest.mark.timeout(280)
def test_twenty_kills_lose_nothing_that_was_acknowledged(
    small_world: World, sqlite_engine: Engine, tmp_path: Path
) -> None:
    small_world.listed_product()
    small_world.session.commit()
    acknowledged = kill(sqlite_engine, tmp_path, kills=KILLS)
    after = aftermath(sqlite_engine, settings_in(tmp_path, sqlite_engine.url.render_as_string()), acknowledged)
    assert after.acknowledged >= KILLS
    assert (after.lost, after.fault, after.not_found, after.not_told) == ([], None, [], [])
    assert after.has_caught_up
