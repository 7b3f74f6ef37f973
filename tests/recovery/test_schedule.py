"""Backups by the clock: made when they are due, checked, told, thinned; a bad one is none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from scenario_hall.config import Settings, SettingsError, load_settings
from scenario_hall.core import clock
from scenario_hall.core.stores import place_of
from scenario_hall.recovery import schedule
from scenario_hall.recovery.backup import FILES
from scenario_hall.recovery.databases import RecoveryError
from scenario_hall.recovery.models import BackupRun
from scenario_hall.recovery.schedule import is_late, keep_backups, last_good, last_run, thin
from tests.conftest import settings_in
from tests.world import World

BEGAN = datetime(2026, 11, 30, 2, tzinfo=UTC)
SECRET = {"HALL_SECRET_KEY": "6f1d0c9be2a84537d1f09a3c5e7b8240", "HALL_MEANING": "off"}


@pytest.fixture
def here(engine: Engine, tmp_path: Path) -> Settings:
    made = settings_in(tmp_path / "here", engine.url.render_as_string(hide_password=False))
    made.data_dir.mkdir()
    return replace(made, backup_dir=tmp_path / "backups", backup_keep=2, backup_key="a passphrase of the operator")


def run_at(world: World, here: Settings, hours: float) -> int:
    world.session.commit()
    with clock.at(BEGAN + timedelta(hours=hours)):
        return keep_backups(world.session, here)


def folders(here: Settings) -> list[str]:
    assert here.backup_dir is not None
    return sorted(each.name for each in here.backup_dir.iterdir() if each.name != FILES)


def test_one_is_made_and_checked_on_the_rhythm_and_the_newest_are_kept(world: World, here: Settings) -> None:
    world.released_scenario()
    done = [run_at(world, here, hours) for hours in (0, 1, 23.9, 24, 47, 48, 72, 73)]
    assert done == [1, 0, 0, 1, 0, 1, 1, 0]
    assert folders(here) == ["20261202T020000000Z", "20261203T020000000Z"]
    good = last_good(world.session)
    assert good is not None and good.folder == "20261203T020000000Z" and good.log_size > 0
    with clock.at(BEGAN + timedelta(hours=72 + 47)):
        assert not is_late(world.session, here)
    with clock.at(BEGAN + timedelta(hours=72 + 49)):
        assert is_late(world.session, here)


def keep_upload(world: World, here: Settings, content: bytes) -> str:
    """The world's files are rows; here they have bytes, all of them these."""
    sha256 = hashlib.sha256(content).hexdigest()
    here.files.put(sha256, content)
    world.session.execute(text("UPDATE stored_file SET sha256 = :sha256"), {"sha256": sha256})
    world.session.commit()
    return sha256


def test_files_go_with_the_last_backup_that_has_them(world: World, here: Settings) -> None:
    world.approved()
    first = keep_upload(world, here, b"one")
    run_at(world, here, 0)
    second = keep_upload(world, here, b"two")
    run_at(world, here, 24)
    assert here.backup_dir is not None
    both = [(here.backup_dir / FILES / place_of(sha256)) for sha256 in (first, second)]
    assert [path.exists() for path in both] == [True, True]
    run_at(world, here, 48)
    assert [path.exists() for path in both] == [False, True]


def test_a_backup_that_is_being_made_beside_it_keeps_every_file(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "manifest.json").write_text("{}")
    kept = tmp_path / FILES / place_of("a" * 64)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    (tmp_path / "9-being-made").mkdir()
    assert thin(tmp_path, 2) == 1
    assert kept.exists() and (tmp_path / "9-being-made").exists()
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(tmp_path / "9-being-made", (old, old))
    thin(tmp_path, 2)
    assert not (tmp_path / "9-being-made").exists()  # it was cut short


def is_changed(monkeypatch: pytest.MonkeyPatch, here: Settings) -> None:
    make = schedule.make_backup

    def damaged(engine: Engine, settings: Settings, directory: Path) -> object:
        made = make(engine, settings, directory)
        for path in made.folder.glob("hall.*"):
            path.write_bytes(path.read_bytes()[:-100] + bytes(100))
        return made

    monkeypatch.setattr(schedule, "make_backup", damaged)


def has_no_place(monkeypatch: pytest.MonkeyPatch, here: Settings) -> None:
    assert here.backup_dir is not None
    here.backup_dir.write_text("a file stands where the folder should")


@pytest.mark.parametrize("break_it", [is_changed, has_no_place])
def test_a_bad_backup_is_told_is_none_and_is_made_again(
    world: World, here: Settings, monkeypatch: pytest.MonkeyPatch, break_it: Callable[..., None]
) -> None:
    break_it(monkeypatch, here)
    for hours in (0, 1):
        with pytest.raises((RecoveryError, OSError)):
            run_at(world, here, hours)
    last = last_run(world.session)
    assert last is not None and last.fault and last_good(world.session) is None
    assert is_late(world.session, here)
    assert here.backup_dir is not None and (here.backup_dir.is_file() or folders(here) == [])
    monkeypatch.undo()
    if here.backup_dir.is_file():
        here.backup_dir.unlink()
    assert run_at(world, here, 2) == 1
    assert len(world.session.exec(select(BackupRun)).all()) == 3


def test_without_a_place_none_is_made(world: World, here: Settings) -> None:
    assert run_at(world, replace(here, backup_dir=None), 0) == 0


@pytest.mark.parametrize(
    "name,value", [("HALL_BACKUP_HOURS", "0"), ("HALL_BACKUP_HOURS", "daily"), ("HALL_BACKUP_KEEP", "-1")]
)
def test_a_rhythm_that_is_none_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({**SECRET, name: value})
    found = load_settings({**SECRET, "HALL_BACKUP_DIR": "/backups", "HALL_BACKUP_HOURS": "6", "HALL_BACKUP_KEEP": "3"})
    assert (found.backup_dir, found.backup_every, found.backup_keep) == (Path("/backups"), timedelta(hours=6), 3)
