"""`make soak`, small: the same parts, judged by the same bounds, except how much slower pages become: on a machine that
tests use, too, that says nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.hall import served_in, settings_of
from tests.soak.figures import Figure, table
from tests.soak.load import Load, load
from tests.soak.parts import fuzzed, raced
from tests.world import PASSWORD, World

OF_TIME = {"pages: loaded p95 / idle p95"}


def broken(figures: list[Figure]) -> list[str]:
    return [table([each]) for each in figures if not each.is_kept and each.name not in OF_TIME]


def test_requests_of_every_shape_are_answered(placed: Path, tmp_path: Path) -> None:
    assert broken(fuzzed(placed, tmp_path, 150)) == []


def test_whoever_presses_at_the_same_moment_only_one_wins(world: World, engine: Engine) -> None:
    world.session.commit()
    assert broken(raced(engine, 1)) == []


def test_feeds_and_people_in_one_hall(placed: Path, tmp_path: Path) -> None:
    shutil.copytree(placed, tmp_path, dirs_exist_ok=True)
    accounts = [(email, PASSWORD) for email in ("admin@hall.example", "port@port.example", "maker@maker.example")]
    much = Load(feeds=60, people=6, seconds=2.0, idle=0.4, think=0.3, pause=0.05, warm=0.5)
    settings = settings_of(tmp_path, HALL_PROXIES="1", HALL_MEANING="off")
    with served_in(tmp_path, "--web-processes", "1", settings=settings) as (base, served):
        assert broken(load(base, served.pid, accounts, much)) == []
