"""A program that keeps a copy by the change feed ends with what is public, however often it is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask

from examples import mirror_changes
from examples.mirror_changes import step
from scenario_hall.app import create_app
from scenario_hall.config import ROOT, Settings
from scenario_hall.dossiers import change_feed
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.products.service import delist_product, list_product, submit_product
from scenario_hall.scenarios.service import amend_scenario, end_scenario
from tests.api.conftest import Program
from tests.api.fuzzing import served
from tests.api.test_changes import restored
from tests.world import World

KILLS = 50
SEED = 20261128


class Killed(BaseException):
    """At some line of the program."""


def killed_at(count: int, run: Callable[[], object]) -> int:
    """Run it, and stop it before the program's ``count``-th line from here. How many lines were left: 0 when it was
    stopped."""
    left = count

    def at_each(frame: FrameType, what: str, _argument: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != mirror_changes.__file__:
            return None
        if what == "line":
            left -= 1
            if left == 0:
                raise Killed
        return at_each

    before = sys.gettrace()
    sys.settrace(at_each)
    try:
        run()
    except Killed:
        pass
    finally:
        sys.settrace(before)
    return left


@pytest.fixture
def app(hall_settings: Settings) -> Flask:
    """One that may be asked often."""
    return create_app(replace(hall_settings, api_rate=10**6))


@pytest.fixture
def in_process(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program asks the application itself, page by small page."""
    client = app.test_client()

    def fetch(address: str, form: str = "application/json") -> tuple[int, str]:
        answer = client.get(address.removeprefix("http://hall.test"), headers={"Accept": form})
        assert answer.status_code in (200, 410), answer.text
        return answer.status_code, answer.text

    monkeypatch.setattr(mirror_changes, "fetch", fetch)
    monkeypatch.setattr(change_feed, "SIZE", 7)


def public_now(anybody: Program) -> dict[str, Any]:
    """What the hall shows to everybody, read list by list."""
    found: dict[str, Any] = {}
    for place in ("scenarios", "products"):
        answer = anybody.get(f"/{place}?fields={mirror_changes.MEMBERS}", Accept="application/jsonl")
        found |= {each["code"]: each for each in map(json.loads, answer.text.splitlines())}
    for each in map(json.loads, anybody.get("/outcomes", Accept="application/jsonl").text.splitlines()):
        found[each["code"]] = {
            **{name: each[name] for name in ("code", "link", "state")},
            "revision": None,
            "organization": None,
            "content": {
                "kind": each["kind"],
                "scenario": each["scenario"]["code"],
                "product": each["product"]["code"],
                "scope": each["scope"],
                "certificate": each["certificate"],
            },
        }
    return found


def work(hall: World) -> Iterator[str]:
    """What people do in a hall, one thing at a time; it never ends."""

    def organization(action: str, which: Any) -> None:
        act_on_organization(hall.admin, session=hall.session, organization=which, action=action, reason="x")

    while True:
        scenario, product, outcome = hall.released_scenario(), hall.listed_product(), hall.approved()
        yield "released, listed, approved"
        amend_scenario(
            hall.demand,
            session=hall.session,
            scenario=scenario,
            version=None,
            content={"timetable": "2031"},
            reason="更正",
        )
        yield "amended"
        organization("suspend", hall.port)
        yield "an owner is suspended"
        delist_product(hall.supplier, session=hall.session, product=product, version=None, reason="停产")
        yield "delisted"
        submit_product(hall.supplier, session=hall.session, product=product, version=None)
        yield "and no longer public"
        organization("reinstate", hall.port)
        yield "an owner is back"
        end_scenario(hall.demand, session=hall.session, scenario=scenario, action="withdraw", version=None, reason="x")
        revoke_outcome(hall.admin, session=hall.session, outcome=outcome, version=None, reason="佐证有误")
        yield "withdrawn, revoked"
        list_product(hall.admin, session=hall.session, product=product, version=None)
        organization("suspend", hall.maker)
        yield "listed anew and hidden with its owner"
        organization("reinstate", hall.maker)


def test_killed_fifty_times_it_ends_with_what_is_public(
    hall: World, anybody: Program, in_process: None, tmp_path: Path
) -> None:
    file, chance, done = tmp_path / "mirror.json", random.Random(SEED), work(hall)
    kills = steps = 0
    places = range(1, 60)
    while kills < KILLS:
        if steps % 4 == 0 and steps < 48:
            next(done)
            hall.session.commit()
        if steps == 40:
            restored(hall, 1)
        kills += killed_at(chance.choice(places), lambda: step("http://hall.test", file)) == 0
        steps += 1
        if file.exists():
            assert set(json.loads(file.read_text())) == {"epoch", "after", "records"}
    while next(done) != "an owner is back":
        pass
    hall.session.commit()
    while step("http://hall.test", file):
        pass
    public = public_now(anybody)
    assert json.loads(file.read_text())["records"] == public
    assert {code[0] for code in public} == {"S", "P", "T"} and len(public) >= 9


def test_killed_at_each_line_of_saving_it_loses_nothing(
    hall: World, anybody: Program, in_process: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that keeps its place before what it read does, so what is lost is seen here."""
    file, whole, many = tmp_path / "mirror.json", mirror_changes.save, 10**6
    monkeypatch.setattr(change_feed, "SIZE", 50)
    hall.released_scenario()
    hall.session.commit()
    public = public_now(anybody)

    def in_two(target: Path, state: dict[str, Any]) -> None:
        kept = json.loads(target.read_text())["records"] if target.exists() else {}
        whole(target, {**state, "records": kept})
        whole(target, state)

    def is_whole_after_a_kill(place: int) -> bool:
        file.unlink(missing_ok=True)
        assert killed_at(place, lambda: step("http://hall.test", file)) == 0
        while step("http://hall.test", file):
            pass
        return bool(json.loads(file.read_text())["records"] == public)

    for save, is_safe in ((whole, True), (in_two, False)):
        monkeypatch.setattr(mirror_changes, "save", save)
        file.unlink(missing_ok=True)
        lines = many - killed_at(many, lambda: step("http://hall.test", file))
        assert all(is_whole_after_a_kill(place) for place in range(lines - 8, lines + 1)) is is_safe


def test_killed_by_the_system_it_goes_on(app: Flask, hall: World, anybody: Program, tmp_path: Path) -> None:
    for _ in range(3):
        hall.released_scenario()
    hall.session.commit()
    file, chance = tmp_path / "mirror.json", random.Random(SEED)
    with served(app) as address, pytest.MonkeyPatch.context() as patched:
        patched.setattr(change_feed, "SIZE", 5)
        command = [sys.executable, str(Path(ROOT) / "examples" / "mirror_changes.py"), address, str(file)]
        for _ in range(3):
            running = subprocess.Popen(command, env={**os.environ, "NO_PROXY": "*"})
            try:
                running.wait(timeout=chance.uniform(0.15, 0.35))
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
            assert running.wait() in (0, -signal.SIGKILL)
        assert subprocess.run(command, env={**os.environ, "NO_PROXY": "*"}, check=False).returncode == 0
    assert json.loads(file.read_text())["records"] == public_now(anybody) != {}


def test_the_program_is_short_and_needs_nothing() -> None:
    text = Path(mirror_changes.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {"__future__", *sys.stdlib_module_names}


def test_a_hidden_organisation_s_records_are_forgotten_at_once(
    hall: World, anybody: Program, in_process: None, tmp_path: Path
) -> None:
    file = tmp_path / "mirror.json"

    def mirrored() -> dict[str, Any]:
        hall.session.commit()
        while step("http://hall.test", file):
            pass
        records: dict[str, Any] = json.loads(file.read_text())["records"]
        return records

    hall.released_scenario()
    assert len(mirrored()) == 1
    act_on_organization(hall.admin, session=hall.session, organization=hall.port, action="suspend", reason="x")
    assert mirrored() == {}
    act_on_organization(hall.admin, session=hall.session, organization=hall.port, action="reinstate", reason="x")
    assert mirrored() == public_now(anybody) != {}
