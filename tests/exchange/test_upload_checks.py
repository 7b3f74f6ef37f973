"""The check of a list from the browser: in slices that hold nobody up, of what was said last, and taken once."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.exchange.models import ImportRow, ImportRun, ImportState, ImportUpload, UploadState
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.exchange.upload_checks import UploadCheck
from scenario_hall.exchange.uploads import correct_list, want_list
from scenario_hall.scenarios.models import Scenario
from tests.world import World

ROWS = 12
LIST = "场景名称,场景描述,大概要花多少\n" + "".join(
    f"海岛投送{number},台风停航,{number + 1}万元\n" for number in range(ROWS)
)


@pytest.fixture
def upload(small_world: World) -> ImportUpload:
    admin = small_world.make_administrator("lists@hall.example")
    kept = ImportUpload(account_id=admin.pk, kind="scenarios", file_name="a.csv", list_name="a", data=LIST.encode())
    with transaction(small_world.session):
        small_world.session.add(kept)
    return kept


def seen(session: Session) -> ImportUpload:
    session.rollback()
    return session.exec(select(ImportUpload)).one()


def to_the_end(resumer: ImportResumer, seconds: float = 1.0) -> None:
    while resumer.run_slice(seconds):
        pass


def test_a_check_pauses_after_each_slice_tells_how_far_it_is_and_keeps_no_transaction(
    small_world: World, sqlite_engine: Engine, upload: ImportUpload
) -> None:
    session, resumer, shares = small_world.session, ImportResumer(sqlite_engine), []
    for _ in range(100):
        resumer.run_slice(0.0)
        kept = seen(session)
        if kept.state != UploadState.WAITING:
            break
        shares.append(kept.check["share"])
        assert sqlite_engine.pool.checkedout() <= 1  # type: ignore[attr-defined]  # this test's own connection
        with transaction(session):  # others write in between
            session.add(session.get_one(Scenario, small_world.draft_scenario().pk))
    assert kept.state == UploadState.CHECKED
    assert (kept.check["good"], kept.check["bad"]) == (ROWS, 0)
    assert shares == sorted(shares) and len(set(shares)) > ROWS
    assert shares[0] < 0.3 and 0.9 < shares[-1] <= 1


def test_a_slice_of_a_long_list_ends_by_the_clock(
    small_world: World, sqlite_engine: Engine, upload: ImportUpload
) -> None:
    rows = "".join(
        f"场景{number},续航不少于{number}分钟，载重{number}公斤,{number + 1}万元\n" for number in range(1500)
    )
    with transaction(small_world.session):
        upload.data = ("场景名称,场景描述,预算\n" + rows).encode()
        small_world.session.add(upload)
    resumer, longest, slices = ImportResumer(sqlite_engine), 0.0, 0
    while seen(small_world.session).state == UploadState.WAITING:
        begun = time.thread_time()  # what others on this machine do does not count
        resumer.run_slice(0.3)
        longest, slices = max(longest, time.thread_time() - begun), slices + 1
    assert slices > 3
    assert longest < 1.0
    assert seen(small_world.session).check["good"] == 1500


def test_what_is_said_during_a_check_is_checked_again(
    small_world: World, sqlite_engine: Engine, upload: ImportUpload
) -> None:
    session, resumer = small_world.session, ImportResumer(sqlite_engine)
    resumer.run_slice(0.0)
    correct_list(session, seen(session), chosen={"大概要花多少": "budget"}, corrections={"2": {"场景名称": ""}})
    to_the_end(resumer)
    kept = seen(session)
    assert (kept.state, kept.check["good"], kept.check["bad"]) == (UploadState.CHECKED, ROWS - 1, 1)
    assert {each["header"]: each["target"] for each in kept.check["columns"]}["大概要花多少"] == "budget"


def test_a_list_that_is_gone_meanwhile_ends_its_check(
    small_world: World, sqlite_engine: Engine, upload: ImportUpload
) -> None:
    resumer = ImportResumer(sqlite_engine)
    resumer.run_slice(0.0)
    with transaction(small_world.session):
        small_world.session.delete(seen(small_world.session))
    to_the_end(resumer)
    small_world.session.rollback()
    assert small_world.session.exec(select(ImportUpload)).all() == []


def test_two_processes_at_one_list_take_it_once(
    small_world: World, sqlite_engine: Engine, upload: ImportUpload
) -> None:
    session = small_world.session
    to_the_end(ImportResumer(sqlite_engine))
    want_list(session, seen(session))
    with Session(sqlite_engine) as one, Session(sqlite_engine) as other:
        checks = [UploadCheck(each, each.get_one(ImportUpload, seen(session).pk)) for each in (one, other)]
        while checks:
            checks = [each for each in checks if each.work_for(0.0)]
    kept = seen(session)
    assert kept.state == UploadState.TAKEN
    ready = session.exec(select(ImportRun.id).where(col(ImportRun.state) == ImportState.CHECKED)).all()
    assert ready == [kept.run_id]
    assert len(session.exec(select(ImportRow).where(col(ImportRow.run_id) == kept.run_id)).all()) == ROWS
    to_the_end(ImportResumer(sqlite_engine))
    session.rollback()
    assert len([each for each in session.exec(select(Scenario)) if each.external_reference]) == ROWS
