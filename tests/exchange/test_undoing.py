"""A whole import undone: what it made goes, what it changed comes back, what was amended since stays and is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, select

from scenario_hall.core.errors import Denied, WrongState
from scenario_hall.core.policy import SYSTEM, Actor
from scenario_hall.exchange import faults
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.models import ImportChange, ImportRun, ImportState
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.exchange.service import import_list
from scenario_hall.exchange.undoing import undo_run
from scenario_hall.log.chain import Event
from scenario_hall.organizations.accounts import operator_of
from scenario_hall.publishing import service as publishing
from scenario_hall.scenarios.lifecycle import RELEASED, WITHDRAWN
from scenario_hall.scenarios.models import Scenario
from tests.world import World

FIRST = "场景名称,场景描述,预算（万元）\n海岛投送,台风停航,300\n森林防火,每日巡护,200\n"
OPERATOR = Actor(name="operator", is_confirmed=True, is_system=True)


def take(world: World, path: Path, text: str, *, actor: Actor = SYSTEM, **options: object) -> ImportRun:
    file = path / "清单.csv"
    file.write_text(text, encoding="utf-8")
    given = ImportOptions(**options)  # type: ignore[arg-type]
    report = import_list(actor, session=world.session, kind=ListKind.SCENARIOS, path=file, options=given)
    return world.session.get_one(ImportRun, report.run)


def undo(world: World, run: ImportRun) -> ImportRun:
    undo_run(world.admin, session=world.session, run=run)
    engine = world.session.get_bind()
    while ImportResumer(engine).run_slice(1.0):  # type: ignore[arg-type]
        pass
    world.session.expire_all()
    return run


def titles(world: World) -> dict[str, Scenario]:
    world.session.expire_all()
    return {found.title: found for found in world.session.exec(select(Scenario))}


def test_the_drafts_of_an_undone_import_are_gone_and_the_log_says_so(world: World, tmp_path: Path) -> None:
    run = undo(world, take(world, tmp_path, FIRST))
    assert (run.state, run.faults, titles(world)) == (ImportState.UNDONE, [], {})
    discarded = world.session.exec(select(Event).where(col(Event.kind) == "scenario.discarded")).all()
    assert len(discarded) == 2
    assert world.session.exec(select(ImportChange)).all() == []
    assert take(world, tmp_path, FIRST).created == 2  # and the list can come again


def test_what_it_published_is_taken_out_of_the_hall(world: World, tmp_path: Path) -> None:
    actor = operator_of(world.session, world.administrator)
    run = take(world, tmp_path, FIRST, actor=actor, releases=True)
    assert {found.state for found in titles(world).values()} == {RELEASED}
    assert undo(world, run).faults == []
    assert {found.state for found in titles(world).values()} == {WITHDRAWN}
    assert take(world, tmp_path, FIRST, actor=actor, releases=True).created == 2


def test_what_it_changed_is_changed_back(world: World, tmp_path: Path) -> None:
    take(world, tmp_path, FIRST)
    run = take(world, tmp_path, FIRST.replace("台风停航", "冬季停航").replace("300", "350"))
    undo(world, run)
    found = titles(world)["海岛投送"]
    assert (found.situation, found.budget_min) == ("台风停航", 3_000_000)
    again = take(world, tmp_path, FIRST.replace("台风停航", "春季停航"))
    assert (again.kept, titles(world)["海岛投送"].situation) == (0, "春季停航")


def test_what_was_amended_since_stays_and_is_told(world: World, tmp_path: Path) -> None:
    run = take(world, tmp_path, FIRST)
    publishing.save_draft(
        OPERATOR, session=world.session, record=titles(world)["海岛投送"], version=None, content={"situation": "改过"}
    )
    undo(world, run)
    assert list(titles(world)) == ["海岛投送"]
    assert [fault["reason"] for fault in run.faults] == [faults.AMENDED_SINCE]


def test_only_administrators_undo_an_import_of_the_hall_and_only_once(world: World, tmp_path: Path) -> None:
    run = take(world, tmp_path, FIRST)
    with pytest.raises(Denied):
        undo_run(world.demand, session=world.session, run=run)
    undo(world, run)
    with pytest.raises(WrongState):
        undo_run(world.admin, session=world.session, run=run)
