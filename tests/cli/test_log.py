"""``verify-log`` as an operator runs it: its exit status, and what a checkpoint from elsewhere still shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlmodel import Session

from scenario_hall.cli.commands import hall as commands
from scenario_hall.config import Settings
from tests.audit.test_whole import STATEMENTS, cut, empty, rewrite
from tests.world import World

FORGERIES: dict[str, Callable[[Session], object]] = {
    "the tail cut off and the head set back": cut,
    "everything hashed anew": rewrite,
    "the log emptied": empty,
    "a certificate's row changed by SQL": lambda session: session.execute(
        text(STATEMENTS["a certificate's content"].replace("{json}", ""))
    ),
}


@pytest.fixture
def run(hall_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("HALL_ENVIRONMENT", "development")
    monkeypatch.setenv("HALL_DATA_DIR", str(hall_settings.data_dir))
    monkeypatch.setenv("HALL_DATABASE_URL", hall_settings.database_url)
    monkeypatch.setenv("HALL_BASE_URL", hall_settings.base_url)
    return lambda *arguments: CliRunner().invoke(commands, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_each_forgery_is_named_and_ends_with_1(
    small_world: World, hall_settings: Settings, run: Callable[..., Result], tmp_path: Path, forgery: str
) -> None:
    small_world.approved()
    small_world.session.commit()
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text(run("checkpoint").output, encoding="utf-8")
    whole = run("verify-log", "--checkpoint", str(elsewhere))
    assert whole.exit_code == 0 and "the log is whole" in whole.output
    FORGERIES[forgery](small_world.session)
    small_world.session.commit()
    told = run("verify-log")
    assert told.exit_code == 1 and "NOT whole" in told.output


def test_a_checkpoint_from_elsewhere_tells_when_all_of_the_halls_own_are_gone(
    small_world: World, hall_settings: Settings, run: Callable[..., Result], tmp_path: Path
) -> None:
    small_world.released_scenario()
    small_world.session.commit()
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text(run("checkpoint").output, encoding="utf-8")
    rewrite(small_world.session)
    for table in ("log_checkpoint", "log_node"):
        small_world.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    small_world.session.commit()
    hall_settings.checkpoints.unlink()
    told = run("verify-log", "--checkpoint", str(elsewhere))
    assert told.exit_code == 1 and "was rewritten" in told.output
