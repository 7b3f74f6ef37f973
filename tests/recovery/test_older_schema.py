"""A backup of an older hall is brought to this one's schema and verified; one of a newer hall is refused by a clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import Engine, inspect
from sqlmodel import Session, select

from scenario_hall.cli.recovery import restore_backup
from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.log.chain import last_id
from scenario_hall.log.verifying import verify
from scenario_hall.organizations.facts import OrganizationFact
from scenario_hall.recovery import restore as restoring
from scenario_hall.recovery.backup import make_backup
from scenario_hall.recovery.databases import RecoveryError
from scenario_hall.recovery.manifest import NAME, read_manifest
from scenario_hall.recovery.restore import restore
from scenario_hall.scenarios.models import Scenario
from scenario_hall.schema import is_current, is_known, migrate, newest_revision
from tests.recovery.test_backup import empty_hall, hall, here, wrong_with  # noqa: F401
from tests.world import World

# After the words had left the log (what was before cannot be made again), and before regions were verified.
OLDER = ("0034", "0040")


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_one_is_brought_to_the_newest_schema_and_verified(
    revision: str,
    hall: World,  # noqa: F811
    engine: Engine,
    here: Settings,  # noqa: F811
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    codes = set(hall.session.exec(select(Scenario.code)))
    hall.session.commit()
    migrate(engine, command.downgrade, revision)
    made = make_backup(engine, here, tmp_path / "backups")
    assert made.manifest.schema_revision == revision
    assert wrong_with(made.folder, engine, here) == []
    there = empty_hall(engine, here, tmp_path / "there", request)
    restore(made.folder, there)
    restored = make_engine(there.database_url)
    assert is_current(restored)
    with Session(restored) as session:
        assert verify(session).fault is None and last_id(session) > made.manifest.log_size
        assert set(session.exec(select(Scenario.code))) == codes
        regions = {row.value for row in session.exec(select(OrganizationFact)) if row.field == "region"}
        assert regions == {"440300"}
    restored.dispose()


def newer(folder: Path) -> None:
    said = read_manifest(folder).model_copy(update={"schema_revision": "9999", "version": "99.0"})
    (folder / NAME).write_text(said.model_dump_json(), encoding="utf-8")


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_one_of_a_newer_hall_is_refused_before_anything_is_written(
    arguments: list[str],
    small_world: World,
    tmp_path: Path,
    hall_settings: Settings,
) -> None:
    made = make_backup(make_engine(hall_settings.database_url), hall_settings, tmp_path / "backups")
    newer(made.folder)
    there = tmp_path / "there"
    environment = {
        "HALL_ENVIRONMENT": "development",
        "HALL_DATA_DIR": str(there),
        "HALL_DATABASE_URL": f"sqlite:///{there / 'hall.sqlite'}",
        "HALL_SEARCH_INDEX": str(there / "index"),
        "HALL_MEANING": "off",
    }
    there.mkdir()
    done = CliRunner().invoke(restore_backup, [str(made.folder), *arguments], env=environment)
    assert done.exit_code == 1, done.output
    assert "was made by version 99.0" in done.output and "“9999”" in done.output and newest_revision() in done.output
    assert "Traceback" not in done.output
    assert (
        not (there / "files").exists()
        and inspect(make_engine(environment["HALL_DATABASE_URL"])).get_table_names() == []
    )


def test_a_migration_that_fails_is_told_by_its_schema(
    small_world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hall_settings: Settings,
    sqlite_engine: Engine,
    request: pytest.FixtureRequest,
) -> None:
    made = make_backup(sqlite_engine, hall_settings, tmp_path / "backups")

    def fail(_engine: Engine) -> None:
        raise RuntimeError("the migration would leave 3 rows that point at nothing")

    monkeypatch.setattr(restoring, "upgrade", fail)
    there = empty_hall(sqlite_engine, hall_settings, tmp_path / "there", request)
    with pytest.raises(RecoveryError, match=f"cannot be brought to {newest_revision()}: the migration would leave"):
        restore(made.folder, there)


def test_every_schema_that_ever_was_is_known_and_no_other() -> None:
    assert all(is_known(name) for name in ("0001", "0029", newest_revision()))
    assert not any(is_known(name) for name in ("", "9999", "head", "00"))
