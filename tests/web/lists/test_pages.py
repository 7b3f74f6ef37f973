"""A list from the file to the hall and back, through the pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.exchange.models import ImportRun, ImportState, ImportUpload, UploadState
from scenario_hall.exchange.reading import parse_table
from scenario_hall.exchange.resuming import ImportResumer
from scenario_hall.exchange.uploads import AT_ONCE
from scenario_hall.scenarios.models import Scenario
from tests.web.conftest import EMAILS, token
from tests.world import World

LIST = (
    "场景名称,场景描述,大概要花多少,截止日期\n"
    "海岛投送,台风期间渡轮停航,300万元,2027-06-15\n"
    ",没有名称的一行,100万元,\n"
    "森林防火,每日巡护,不少,2027年13月\n"
)


@pytest.fixture
def bring(as_person: Callable[[str], FlaskClient]) -> Callable[..., tuple[FlaskClient, str]]:
    """Send a file as the person of a role; gives the client and the address of what was understood."""

    def send(role: str, content: bytes, name: str = "清单.csv", **more: object) -> tuple[FlaskClient, str]:
        client = as_person(EMAILS[role])
        data = {
            "csrf_token": token(client, "/lists/"),
            "file": (io.BytesIO(content), name),
            "kind": "scenarios",
            "organization": "",
            **more,
        }
        answer = client.post("/lists/", data=data)
        assert answer.status_code == 302, answer.text
        return client, answer.location

    return send


def work(engine: Engine) -> None:
    resumer = ImportResumer(engine)
    while resumer.run_slice(1.0):
        pass


def shown(client: FlaskClient, address: str) -> str:
    return client.get(address).text


def hidden_fields(page: str) -> dict[str, str]:
    """What the correcting form would send as it is shown."""
    names = re.findall(r'name="((?:place|header|before|cell)\d+)"\s+value="([^"]*)"', page)
    return dict(names)


def test_a_list_is_checked_corrected_taken_and_undone(
    hall: World, sqlite_engine: Engine, bring: Callable[..., tuple[FlaskClient, str]]
) -> None:
    client, address = bring("administrator", LIST.encode())
    page = shown(client, address)
    assert "大概要花多少" in page
    assert "海岛投送" in page
    with Session(sqlite_engine) as session:
        upload = session.exec(select(ImportUpload)).one()
        assert (upload.state, upload.check["good"], upload.check["bad"]) == (UploadState.CHECKED, 2, 1)
        columns = {column["header"]: column["target"] for column in upload.check["columns"]}
        assert columns == {"场景名称": "title", "场景描述": "text", "大概要花多少": "", "截止日期": "deadline"}
        places = {(fault["place"], fault["column"]) for fault in upload.check["faults"]}
        assert {("3", "场景名称"), ("4", "截止日期")} <= places
    form = hidden_fields(page)
    number = next(name[5:] for name, value in form.items() if name.startswith("place") and value == "3")
    said = {**form, f"cell{number}": "港口巡检", "column2": "budget", "csrf_token": token(client, address)}
    assert client.post(f"{address}/correct", data=said).status_code == 302
    with Session(sqlite_engine) as session:
        upload = session.exec(select(ImportUpload)).one()
        assert (upload.check["good"], upload.check["bad"]) == (3, 0)
    client.post(f"{address}/take", data={"csrf_token": token(client, address)})
    work(sqlite_engine)
    with Session(sqlite_engine) as session:
        taken = {each.title: each.budget_min for each in session.exec(select(Scenario)) if each.external_reference}
        assert taken == {"海岛投送": 3_000_000, "港口巡检": 1_000_000, "森林防火": None}
        run = session.exec(select(ImportRun)).one()
        assert (run.state, run.created, run.list_name) == (ImportState.TAKEN, 3, "清单")
    assert 'id="again"' not in shown(client, address)
    client.post(f"/lists/runs/{run.id}/undo", data={"csrf_token": token(client, address)})
    assert 'id="again"' in shown(client, address)
    work(sqlite_engine)
    with Session(sqlite_engine) as session:
        assert not [each for each in session.exec(select(Scenario)) if each.external_reference]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_bad_rows_come_with_what_is_wrong_and_can_be_brought_back(
    hall: World, sqlite_engine: Engine, bring: Callable[..., tuple[FlaskClient, str]], form: str
) -> None:
    client, address = bring("administrator", LIST.encode())
    answer = client.get(f"{address}/bad.{form}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    table = parse_table(answer.data)
    assert [row.cells["场景描述"] for row in table.rows] == ["没有名称的一行"]
    assert len(table.header) == 5
    assert list(table.rows[0].cells.values())[-1]
    assert client.get(f"{address}/bad.exe").status_code == 404


def test_what_is_no_list_is_told_on_its_page(hall: World, bring: Callable[..., tuple[FlaskClient, str]]) -> None:
    client, address = bring("administrator", b"<html><table></table></html>", "list.xls")
    assert client.get(address, headers={"Accept-Language": "en"}).status_code == 200
    page = shown(client, f"{address}")
    assert "note-warn" in page


def test_an_editor_brings_drafts_of_their_own_organisation_with_their_own_rights(
    hall: World, sqlite_engine: Engine, bring: Callable[..., tuple[FlaskClient, str]]
) -> None:
    text = "场景名称,场景描述,需求单位\n海岛投送,台风停航,\n森林防火,每日巡护,禾翼航空\n"
    client, address = bring("demand", text.encode(), organization=str(hall.port.pk))
    with Session(sqlite_engine) as session:
        upload = session.exec(select(ImportUpload)).one()
        assert (upload.check["good"], upload.check["bad"]) == (1, 1)  # the other row is somebody else's
    client.post(f"{address}/take", data={"csrf_token": token(client, address)})
    work(sqlite_engine)
    with Session(sqlite_engine) as session:
        found = session.exec(select(Scenario).where(col(Scenario.title) == "海岛投送")).one()
        assert (found.organization_id, found.state, found.created_by) == (hall.port.pk, "draft", hall.port_person.pk)


def test_an_editor_cannot_name_another_organisation_nor_publish(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person(EMAILS["demand"])
    for more in ({"organization": str(hall.maker.pk)}, {"organization": ""}):
        data = {
            "csrf_token": token(client, "/lists/"),
            "file": (io.BytesIO(LIST.encode()), "x.csv"),
            "kind": "scenarios",
            "releases": "y",
            **more,
        }
        assert client.post("/lists/", data=data).status_code == 200  # shown again, nothing kept
    hall.session.rollback()
    assert hall.session.exec(select(ImportUpload)).all() == []


def test_a_list_is_seen_by_nobody_else(
    hall: World, as_person: Callable[[str], FlaskClient], bring: Callable[..., tuple[FlaskClient, str]]
) -> None:
    _, address = bring("administrator", LIST.encode())
    other = as_person(EMAILS["demand"])
    assert other.get(address).status_code == 404
    for act in ("correct", "take"):
        answer = other.post(f"{address}/{act}", data={"csrf_token": token(other, "/lists/")})
        assert answer.status_code == 404


def test_a_large_list_waits_for_the_worker(
    hall: World, sqlite_engine: Engine, bring: Callable[..., tuple[FlaskClient, str]]
) -> None:
    rows = "".join(f"场景{number},{'描述' * 60},,\n" for number in range(500))
    content = ("场景名称,场景描述,预算,截止日期\n" + rows).encode()
    assert len(content) > AT_ONCE
    client, address = bring("administrator", content)
    assert 'id="again"' in shown(client, address)
    resumer = ImportResumer(sqlite_engine)
    while not re.search(r"Checked so far: [1-9]\d*%", page := shown(client, f"{address}?lang=en")):
        assert resumer.run_slice(0.0)
    assert 'id="again"' in page
    while resumer.run_slice(1.0):
        pass
    with Session(sqlite_engine) as session:
        assert session.exec(select(ImportUpload)).one().check["good"] == 500


def test_a_workbook_s_faults_are_told_at_their_sheets(
    hall: World, sqlite_engine: Engine, bring: Callable[..., tuple[FlaskClient, str]]
) -> None:
    found = Path(__file__).parents[2] / "exchange" / "data" / "faults" / "xlsx_two_lists_two_sheets.xlsx"
    client, address = bring("administrator", found.read_bytes(), found.name)
    page = shown(client, address)
    assert "填表说明" in page
    assert "珠海" in page
