"""A dump has what a visitor may read and nothing else, the same in each form, and takes its place all at once."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, text
from sqlmodel import Session

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core.clock import local_year, now
from scenario_hall.open_data import dump
from scenario_hall.open_data.datasets import DATASETS, Dataset
from scenario_hall.open_data.dump import make_dump
from scenario_hall.open_data.manifest import newest_dump, newest_manifest
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.products.service import delist_product
from scenario_hall.scenarios.service import end_scenario
from tests.open_data.conftest import Rows
from tests.world import World

PLACES = {"scenarios": "code", "products": "code", "outcomes": "code", "certificates": "number", "organizations": "id"}


def told_by_the_api(settings: Settings, dataset: str, key: object) -> dict[str, Any]:
    """What the API tells a visitor of one record, its content among its members."""
    told = create_app(settings).test_client().get(f"/api/v1/{dataset}/{key}").json
    assert told is not None and "status" not in told, told
    return {**told, **told.pop("content")} if dataset in ("scenarios", "products") else told


def flat(dataset: str, told: dict[str, Any], name: str) -> object:
    """The API's member that a column is about."""
    for party in ("organization", "scenario", "product", "supplier", "demand", "platform"):
        for column, member in ((party, "id"), (f"{party}_name", "name"), (f"{party}_title", "title")):
            if name == column and isinstance(told.get(party), dict):
                return told[party].get("code" if column == party and "code" in told[party] else member)
    if dataset == "certificates":
        of_content = {"demand": "demand_side"}.get(name, name)
        part = told["content"].get(name.removesuffix("_title"))
        if isinstance(part, dict):
            return part["title" if name.endswith("_title") else "code"]
        return told.get(name, told["content"].get(of_content))
    return told.get(name)


def same(value: object, other: object) -> bool:
    """Equal, moments by the second: the API writes them to the millisecond and with Z."""
    if isinstance(value, str) and isinstance(other, str) and value.endswith("+00:00"):
        return value[:19] == other[:19]
    return (value or None) == (other or None) or value == other


def test_each_row_is_what_the_api_tells_a_visitor(hall: World, rows: Rows, hall_settings: Settings) -> None:
    approved = hall.approved()
    hall.put_on_notice(hall.claimed(hall.accepted(product=hall.listed_product(title="另一台"))))
    revoke_outcome(hall.admin, session=hall.session, outcome=approved, version=None, reason="数据有误")
    hall.released_scenario(title="=1+1")
    for dataset, key in PLACES.items():
        found = rows(dataset)
        assert found, dataset
        for row in found:
            told = told_by_the_api(hall_settings, dataset, row[key])
            for name, value in row.items():
                if name != "page" and not (dataset == "outcomes" and name == "approved_at"):
                    assert same(value, flat(dataset, told, name)), (dataset, name, value, flat(dataset, told, name))


def test_every_form_of_a_year_has_the_same_rows(hall: World, dumped: Callable[[], Path]) -> None:
    hall.approved()
    hall.released_scenario(title="=HYPERLINK(1)")
    folder = dumped()
    for path in folder.glob("*.jsonl"):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
            header, *table = list(csv.reader(file))
        sheet = list(load_workbook(path.with_suffix(".xlsx"))["list"].iter_rows(values_only=True))
        assert header == list(lines[0]) == list(sheet[0])
        assert len(table) == len(sheet) - 1 == len(lines)
        for line, written, cells in zip(lines, table, sheet[1:], strict=True):
            for name, cell, value in zip(header, written, cells, strict=True):
                assert cell == ("" if value is None else str(value)), name
                if isinstance(line[name], str):
                    assert cell in (line[name], f"'{line[name]}")  # what would be a formula is quoted
    titles = [row["title"] for row in map(json.loads, next(folder.glob("scenarios-*.jsonl")).open(encoding="utf-8"))]
    assert "=HYPERLINK(1)" in titles


def everything(folder: Path) -> str:
    """All that can be read in a dump, workbooks unpacked."""
    found = []
    for path in folder.iterdir():
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                found += [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
        else:
            found.append(content.decode("utf-8"))
    return "\n".join(found)


def test_what_is_not_public_or_was_taken_back_is_in_no_file(hall: World, dumped: Callable[[], Path]) -> None:
    hall.draft_scenario(title="秘密草稿")
    hall.submitted_scenario(title="秘密待审")
    hall.submitted_product(title="秘密产品")
    taken_back = hall.released_scenario(title="会撤回的场景")
    delisted = hall.listed_product(title="会下架的产品")
    shown = hall.released_scenario(title="公开的场景")
    running = hall.signed()
    before = everything(dumped())
    assert all(word in before for word in ("会撤回的场景", "会下架的产品", shown.code))
    end_scenario(
        hall.demand, session=hall.session, scenario=taken_back, action="withdraw", version=None, reason="计划改变"
    )
    delist_product(hall.supplier, session=hall.session, product=delisted, version=None, reason="停产")
    after = everything(dumped())
    hidden = ("秘密", "会撤回的场景", "会下架的产品", "secret-contact", "0756", "@port.example", running.code)
    assert [word for word in hidden if word in after] == []
    act_on_organization(hall.admin, session=hall.session, organization=hall.port, action="suspend", reason="x")
    assert shown.code not in everything(dumped())


def test_a_file_says_its_year_in_hong_kong_and_the_manifest_its_hash(
    hall: World, dumped: Callable[[], Path], hall_settings: Settings
) -> None:
    hall.released_scenario()
    folder = dumped()
    manifest = newest_manifest(hall_settings.open_data)
    assert manifest is not None
    assert {each.year for each in manifest.files} == {local_year(now())}
    assert {each.name for each in manifest.files} == {path.name for path in folder.iterdir()} - {"manifest.json"}
    for each in manifest.files:
        content = (folder / each.name).read_bytes()
        assert (each.size, each.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        if each.form == "jsonl":
            assert each.rows == content.count(b"\n")


@dataclass(frozen=True)
class Watched(Dataset):
    """A dataset that looks, before each slice, whether anybody still holds a picture of the database."""

    engine: Any = None

    def batch(self, session: Session, after: int, size: int) -> list[Any]:
        with self.engine.connect() as connection:
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        assert busy == 0
        return super().batch(session, after, size)


def test_between_two_slices_nothing_of_the_database_is_held(
    hall: World, hall_settings: Settings, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        hall.released_scenario(title=f"场景{number}")
    hall.session.commit()
    monkeypatch.setattr(dump, "SLICE", 2)
    watched = [Watched(**{**vars(each), "engine": sqlite_engine}) for each in DATASETS]
    with Session(sqlite_engine) as session:
        manifest = make_dump(session, hall_settings, watched)
    assert next(each.rows for each in manifest.files if each.dataset == "scenarios") == 5


class Crash(Exception):
    """The power fails."""


def test_whoever_asks_gets_one_whole_dump_wherever_the_making_is_cut_short(
    hall: World, dumped: Callable[[], Path], hall_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hall.released_scenario(title="第一个")
    dumped()
    hall.released_scenario(title="第二个")
    sync, steps = dump._sync, 0

    def count(path: Path) -> None:
        nonlocal steps
        steps += 1
        sync(path)

    monkeypatch.setattr(dump, "_sync", count)
    dumped()
    whole = steps
    for last in range(whole):
        steps = 0

        def cut(path: Path, last: int = last) -> None:
            nonlocal steps
            steps += 1
            if steps > last:
                raise Crash
            sync(path)

        monkeypatch.setattr(dump, "_sync", cut)
        with pytest.raises(Crash):
            dumped()
        found = newest_dump(hall_settings.open_data)
        assert found is not None
        for each in found[1].files:
            assert hashlib.sha256((found[0] / each.name).read_bytes()).hexdigest() == each.sha256
        assert first.code in everything(found[0])
    monkeypatch.setattr(dump, "_sync", sync)
    newest = dumped()
    assert sorted(path.name for path in hall_settings.open_data.iterdir()) == sorted([newest.name, "newest"])


def test_nothing_is_read_where_no_dump_was_made_or_it_was_deleted(
    hall: World, dumped: Callable[[], Path], hall_settings: Settings
) -> None:
    assert newest_dump(hall_settings.open_data) is None
    shutil.rmtree(dumped())
    assert newest_dump(hall_settings.open_data) is None
