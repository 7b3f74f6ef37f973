"""The command line on lists like the real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from click import Context
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import Session, select

from scenario_hall import __version__
from scenario_hall.cli import serve
from scenario_hall.cli.commands import hall
from scenario_hall.cli.doctor import RECENT
from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day
from scenario_hall.core.db import transaction
from scenario_hall.core.sightings import Sighting, note
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account
from scenario_hall.outcomes.plan.workdays import PLACES, calendars
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.taxonomy.models import TagRecord
from scenario_hall.taxonomy.service import TAXONOMY
from tests.world import World
from tools.opensearch.server import free_port

GOOD = {"id": "n1", "title": "微米级线材生产技术", "text": "线材直径小于50μm，抗张强度大于1GPa。"}


@pytest.fixture
def run(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HALL_ENVIRONMENT", "development")
    monkeypatch.setenv("HALL_DATABASE_URL", sqlite_engine.url.render_as_string())
    monkeypatch.setenv("HALL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HALL_SEARCH_INDEX", str(tmp_path / "index"))

    def call(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(hall, list(arguments), input=stdin, catch_exceptions=False)

    return call


def test_the_version_is_printed(run) -> None:
    assert run("--version").output == f"Scenario Hall {__version__}\n"


def test_a_token_is_made_listed_and_revoked(small_world: World, run) -> None:
    made = run(
        "token", "create", "port@port.example", "--name", "city", "--scope", "read", "--organization", "湾澜港务"
    )
    assert made.exit_code == 0 and made.output.startswith("hall_") and len(made.output.strip()) == 48
    listed = run("token", "list", "port@port.example").output
    number = listed.split("\t")[0]
    assert listed.split("\t")[1:3] == ["city", "read"] and "never used" in listed and "hall_" not in listed
    assert run("token", "revoke", "port@port.example", number).output == f"token {number} is revoked\n"
    assert "\tover\t" in run("token", "list", "port@port.example").output
    refused = run("token", "create", "port@port.example", "--name", "city", "--scope", "review")
    assert refused.exit_code == 1 and "Only administrators" in refused.output
    assert "no account" in run("token", "list", "nobody@nowhere.example").output


def listed(folder: Path, *rows: dict[str, str]) -> str:
    path = folder / "list.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return str(path)


def test_a_list_is_imported_released_found_and_updated_not_doubled(small_world: World, run, tmp_path: Path) -> None:
    path = listed(tmp_path, GOOD)
    first = run("import", "scenarios", path, "--release", "--as", "admin@hall.example", "--json")
    assert json.loads(first.output)["released"] == 1
    found = json.loads(run("search", "線材", "--kind", "scenario", "--json").output)
    assert [hit["title"] for hit in found["hits"]] == [GOOD["title"]]
    again = json.loads(run("import", "scenarios", path, "--as", "admin@hall.example", "--json").output)
    assert (again["created"], again["unchanged"]) == (0, 1)
    changed = listed(tmp_path, {**GOOD, "text": "线材直径小于40μm。"})
    assert (
        json.loads(run("import", "scenarios", changed, "--as", "admin@hall.example", "--json").output)["waiting"] == 1
    )
    assert json.loads(run("search", "线材", "--json").output)["total"] == 1


def test_one_bad_row_keeps_the_whole_list_out_unless_it_may_be_skipped(small_world: World, run, tmp_path: Path) -> None:
    path = listed(tmp_path, GOOD, {"id": "n2", "title": "", "text": "没有标题"})
    refused = run("import", "scenarios", path)
    assert refused.exit_code == 1
    assert "no title" in refused.output and "nothing was changed" in refused.output
    taken = run("import", "scenarios", path, "--skip-bad", "--json")
    assert json.loads(taken.output)["created"] == 1


def test_release_needs_somebody_who_answers_for_it(small_world: World, run, tmp_path: Path) -> None:
    path = listed(tmp_path, GOOD)
    assert run("import", "scenarios", path, "--release").exit_code == 2
    assert "no administrator" in run("import", "scenarios", path, "--release", "--as", "port@port.example").output


def test_match_and_verify_log(small_world: World, run) -> None:
    scenario, product = small_world.released_scenario(), small_world.listed_product()
    small_world.session.commit()
    found = json.loads(run("match", scenario.code, "--top", "3", "--json").output)
    assert [match["code"] for match in found["matches"]] == [product.code]
    assert "the log is whole" in run("verify-log").output
    assert run("match", "S-1999-000001").exit_code == 1


def test_a_list_goes_out_and_comes_in_again(small_world: World, run, tmp_path: Path) -> None:
    scenario = small_world.released_scenario(title="=HYPERLINK 标题")
    small_world.session.commit()
    out = tmp_path / "out.csv"
    assert "1 scenarios written" in run("export", "scenarios", str(out)).output
    text = out.read_text(encoding="utf-8-sig")
    assert scenario.code in text and "secret-contact" not in text
    assert "\n=HYPERLINK" not in text and ",=HYPERLINK" not in text


def test_reindex_rebuilds_beside_and_finds_the_same(small_world: World, run) -> None:
    scenario = small_world.released_scenario()
    small_world.session.commit()
    assert "1 records indexed" in run("reindex").output
    assert scenario.code in run("search", "岸桥").output


def test_production_does_not_start_without_a_secret_key(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_ENVIRONMENT", "production")
    monkeypatch.delenv("HALL_SECRET_KEY", raising=False)
    refused = run("init")
    assert refused.exit_code == 1 and "HALL_SECRET_KEY is not set" in refused.output


@pytest.mark.parametrize("command", [("demo",), ("serve", "--demo")])
def test_production_loads_no_demonstration_accounts(
    run, monkeypatch: pytest.MonkeyPatch, sqlite_engine: Engine, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HALL_ENVIRONMENT", "production")
    monkeypatch.setenv("HALL_SECRET_KEY", token_hex(32))
    refused = run(*command)
    assert refused.exit_code == 1 and "not loaded into a production hall" in refused.output
    with Session(sqlite_engine) as session:
        assert session.exec(select(Account)).all() == []


def test_production_does_not_open_a_database_that_holds_the_demonstration(
    run, monkeypatch: pytest.MonkeyPatch, small_world: World
) -> None:
    monkeypatch.setenv("HALL_ENVIRONMENT", "production")
    monkeypatch.setenv("HALL_SECRET_KEY", token_hex(32))
    monkeypatch.setattr(serve, "run_hall", lambda *_arguments, **_named: 0)
    assert run("serve").exit_code == 0  # as long as it holds none
    record_event(small_world.session, None, TAXONOMY, "demonstration.loaded", {"steps": 1})
    small_world.session.commit()
    for command in (("serve",), ("serve", "--no-worker"), ("worker", "--once")):
        refused = run(*command)
        assert refused.exit_code == 1 and "holds the demonstration" in refused.output, command


HTTPS = {"HALL_ENVIRONMENT": "production", "HALL_BASE_URL": "https://hall.example"}


@pytest.mark.parametrize(
    "variables,seen,told",
    [
        (HTTPS, None, "HALL_PROXIES is not set"),
        ({**HTTPS, "HALL_PROXIES": "1"}, None, None),
        ({"HALL_ENVIRONMENT": "production"}, None, None),
        ({"HALL_ENVIRONMENT": "production"}, Sighting.FORWARDED, "set HALL_PROXIES to how many"),
        ({**HTTPS, "HALL_PROXIES": "1"}, Sighting.BYPASSED, "past the proxies"),
    ],
)
def test_doctor_warns_when_proxies_are_not_what_requests_show(
    run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    seen: Sighting | None,
    told: str | None,
) -> None:
    monkeypatch.setenv("HALL_SECRET_KEY", token_hex(32))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if seen is not None:
        with clock.at(clock.now() - 2 * RECENT):
            note(tmp_path, seen)
        assert "UTC)" not in run("doctor").output  # it has been mended since
        note(tmp_path, seen)
    output = run("doctor").output
    assert ("prox" in output.lower()) == (told is not None)
    assert told is None or told in output


def test_a_search_that_finds_nothing_offers_what_may_have_been_meant(small_world: World, run) -> None:
    small_world.released_scenario(title="无人机巡检", tags=["uav"])
    small_world.session.commit()
    assert json.loads(run("search", "dkjj", "--json").output)["did_you_mean"][0] == "低空经济"
    found = run("search", "无人机").output
    assert "also searched, at lower weight: 无人机 = " in found and "did you mean" not in found


def test_gaps_are_printed_under_the_former_name_of_the_command_too(small_world: World, run) -> None:
    scenario = small_world.released_scenario()
    small_world.session.commit()
    found = json.loads(run("gaps", "--json").output)["domains"]
    assert [scenario.code] in [each["without_match"] for each in found]
    assert json.loads(run("lacks", "--json").output)["domains"] == found
    assert "lacks" not in run("--help").output


def test_doctor_asks_for_a_rebuild_when_the_dictionary_has_changed_since(
    small_world: World, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALL_MEANING", "off")
    index = WhooshIndex(tmp_path / "index")
    rebuild(small_world.session, index)
    with transaction(small_world.session):
        tag = small_world.session.exec(select(TagRecord)).first()
        assert tag is not None
        tag.zh_hans = f"{tag.zh_hans}新名"
    assert "older dictionary: run `reindex`" in run("doctor").output
    rebuild(small_world.session, index)
    assert "older dictionary" not in run("doctor").output


def test_doctor_names_who_waits_for_a_server_that_is_down(small_world: World, run, monkeypatch) -> None:
    small_world.released_scenario()
    monkeypatch.setenv("HALL_MEANING", "off")
    monkeypatch.setenv("HALL_SEARCH_URL", f"opensearch://127.0.0.1:{free_port()}/hall")
    assert run("init").exit_code == 0
    assert "search waits for a program that does not answer" in run("doctor").output


def test_doctor_says_when_the_holidays_have_to_be_added(run) -> None:
    assert "holidays" not in run("doctor").output
    end = min(calendar.known_until for calendar in calendars().values())
    with clock.at(end_of_local_day(end - timedelta(days=30))):
        answer = run("doctor")
    assert answer.exit_code == 1
    assert [f"holidays of {place} are known until {end}: add" in answer.output for place in PLACES] == [True] * 3


READING = [
    ("search", "岸桥"),
    ("match", "S-2026-000001"),
    ("gaps",),
    ("export", "scenarios", "out.csv"),
    ("import", "products", "list.jsonl", "--check"),
    ("verify-log",),
    ("doctor",),
]


@pytest.mark.parametrize("command", READING, ids=[command[0] for command in READING])
def test_a_command_that_only_reads_does_not_wait_for_somebody_who_writes(
    small_world: World, sqlite_engine: Engine, run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    small_world.released_scenario()
    small_world.session.commit()
    listed(tmp_path, GOOD)
    run("init")  # so that there is nothing to catch up with
    called = [str(tmp_path / each) if "." in each else each for each in command]
    with Session(sqlite_engine) as session, transaction(session):
        assert run(*called).exit_code == 0


def test_a_list_is_only_checked_where_that_is_asked_for(small_world: World, run, tmp_path: Path) -> None:
    good, bad = listed(tmp_path, GOOD), {"id": "n2", "title": ""}
    checked = run("import", "scenarios", good, "--check", "--json")
    assert (checked.exit_code, json.loads(checked.output)["is_kept"]) == (0, False)
    told = run("import", "scenarios", listed(tmp_path, GOOD, bad), "--check")
    assert told.exit_code == 1 and "no title" in told.output
    assert json.loads(run("import", "scenarios", listed(tmp_path, GOOD), "--json").output)["created"] == 1


def test_what_a_command_writes_only_the_halls_user_reads(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    monkeypatch.setenv("HALL_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("HALL_DATABASE_URL", f"sqlite:///{folder}/data/hall.sqlite")
    monkeypatch.setenv("HALL_SEARCH_INDEX", str(folder / "index"))
    monkeypatch.setenv("HALL_SIGNING_KEYS", str(folder / "keys"))
    before = os.umask(0o022)
    try:
        assert run("init").exit_code == 0
    finally:
        os.umask(before)
    written = [folder, *folder.rglob("*")]
    assert any(path.name == "hall.sqlite" for path in written)
    assert [str(path) for path in written if path.stat().st_mode & 0o077] == []


def test_every_command_is_where_the_table_says(run) -> None:
    context = Context(hall)
    for name in hall.list_commands(context):
        command = hall.get_command(context, name)
        assert command is not None and command.name == name
    assert "No such command" in run("nothing").output


def test_a_command_imports_nothing_that_it_does_not_need() -> None:
    """An offline check of a certificate starts without the hall's tables, pages and engines."""
    asked = "import sys; from scenario_hall.cli.commands import hall; hall(['verify-certificate', '--help'], standalone_mode=False); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())
    assert "scenario_hall.outcomes.certificate.signing" in loaded
    assert not loaded & {"scenario_hall.schema", "scenario_hall.app", "numpy", "flask", "rjieba", "alembic"}
