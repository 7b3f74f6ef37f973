"""A hall, and the dump that it makes of itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.open_data.dump import make_dump
from scenario_hall.open_data.manifest import newest_dump
from tests.world import World

Rows = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hall(small_world: World) -> World:
    return small_world


@pytest.fixture
def dumped(hall: World, hall_settings: Settings) -> Callable[[], Path]:
    """Makes a dump in a session of its own, as the worker does; returns its folder."""

    def run() -> Path:
        hall.session.commit()
        with Session(hall.session.get_bind()) as session:
            make_dump(session, hall_settings)
        found = newest_dump(hall_settings.open_data)
        assert found is not None
        return found[0]

    return run


@pytest.fixture
def rows(dumped: Callable[[], Path]) -> Rows:
    """The rows of one dataset in a dump that is made now, whatever their year."""

    def read(dataset: str) -> list[dict[str, Any]]:
        paths = sorted(dumped().glob(f"{dataset}-*.jsonl"))
        return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]

    return read
