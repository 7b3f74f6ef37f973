"""Every list that can be downloaded, in every form, for every kind of person: the rows of its page and nothing more."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlmodel import Session, select

from scenario_hall.exchange.reading import parse_table
from scenario_hall.log.chain import LogHead
from scenario_hall.reviewing.queues import QUEUES
from scenario_hall.web.kit import downloads
from scenario_hall.web.public import found_list
from tests.web.conftest import EMAILS
from tests.world import World

FORMS = ("csv", "xlsx", "json")
LISTS = (
    "/search",
    "/scenarios/",
    "/products/",
    "/outcomes",
    "/bulletins/",
    "/bulletins/{month}",
    "/desk",
    "/scenarios/{open}/judging",
    *(f"/review/?queue={queue}" for queue in QUEUES),
    "/review/overdue",
    "/review/follow-through?show=due",
    "/review/gaps",
    "/organizations/{port}/lacks",
    "/organizations/pilot-platforms",
    "/search?q=巡检&closed=1&region=440400",
)
PUBLIC = (
    "/search",
    "/scenarios/",
    "/products/",
    "/outcomes",
    "/search?closed=1&sort=newest",
    "/outcomes?kind=first_trial",
)
# Pages without an argument that have no list to take, or none that a file should hold.
NO_LISTS = {
    "one text, form or figure": "/ /about /certificates /organizations/ /progress /rules /admin/ /admin/components/ /admin/letters/ /admin/matching/ "
    "/admin/retention/ /admin/rules /admin/webhooks /screen",
    "forms": "/login /login/code /register /password/forgotten /account /account/close /account/second-factor /account/tokens "
    "/admin/taxonomy/new /organizations/new /products/new /products/start /notices/choices /review/absence /review/several /scenarios/new",
    "for programs already": "/.well-known/scenario-hall-keys.json /.well-known/did.json /did.json /certificates/status /account/data.json /certificates/revocations.json /favicon.ico "
    "/feed.atom /feed.json /open-data /open-data/catalogue.jsonld /healthz /readyz /metrics /live /live/lines /log/checkpoint /log/proof /search/suggestions /api/v1/openapi.json /api",
    "moved": "/review/lacks",
    "a person's own data, as a file already": "/account/data",
    "a person's own marks, in /account/data.json": "/bookmarks /searches/ /searches/new /notices/",
    "addresses of people, which leave the hall one by one": "/admin/accounts /admin/requests/",
    "what the hall does by itself": "/admin/work/ /admin/log /log",
    "edited in place, shipped as JSON": "/admin/taxonomy",
    "lists that were brought, each with its own files": "/lists/",
}
# Never in a file, whoever asks: the contact of the small world's scenarios.
CONTACT = ("陈秘密", "secret-contact", "0756")


def address(path: str, form: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}format={form}"


def rows_of(content: bytes, form: str) -> list[dict[str, Any]]:
    """The rows by label, read without the hall's own readers."""
    if form == "json":
        said = json.loads(content)
        return [{said["columns"][name]: value for name, value in row.items()} for row in said["rows"]]
    if form == "xlsx":
        header, *cells = list(load_workbook(io.BytesIO(content))["list"].iter_rows(values_only=True))
        return [dict(zip(map(str, header), row, strict=True)) for row in cells]
    text = content.decode("utf-8-sig")
    head = len(re.match(r'(?:"?# [^\n]*\n)*', text)[0])  # type: ignore[index]
    return list(csv.DictReader(io.StringIO(text[head:])))


def str_of(value: Any) -> str:
    """A cell as a CSV writes it."""
    return "；".join(value) if isinstance(value, list) else "" if value is None else str(value)


def words_of(page: str) -> str:
    """What a page shows, its attributes (moments) included, on one line."""
    return " ".join(html.unescape(re.sub(r"</?mark>", "", page)).split())


@pytest.fixture
def clients(
    visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> dict[str, FlaskClient]:
    return {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}


def test_each_list_comes_in_each_form_to_those_who_see_its_page(
    clients: dict[str, FlaskClient], places: dict[str, str], follow: Callable[[], None]
) -> None:
    follow()
    for path in (each.format(**places) for each in LISTS):
        for role, client in clients.items():
            page = client.get(path)
            got = {form: client.get(address(path, form)) for form in FORMS}
            assert {answer.status_code for answer in got.values()} == {page.status_code}, (path, role)
            if page.status_code != 200:
                continue
            rows = {form: rows_of(answer.data, form) for form, answer in got.items()}
            texts = {form: [list(map(str_of, row.values())) for row in rows[form]] for form in FORMS}
            assert texts["csv"] == texts["xlsx"] == texts["json"]
            for form, answer in got.items():
                assert answer.headers["Content-Disposition"].startswith("attachment"), (path, form)
                written = answer.data.decode("utf-8", "replace") + json.dumps(
                    rows[form], default=str, ensure_ascii=False
                )
                assert not [word for word in CONTACT if word in written], (path, role, form)
                assert f"format={form}" in page.text or not rows[form], (path, form)


def test_every_page_has_its_list_as_a_file_or_a_reason_why_not(app: Flask) -> None:
    """A new page must be in one of the two tables."""
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    listed = {path.partition("?")[0] for path in LISTS if "{" not in path}
    silent = {path for paths in NO_LISTS.values() for path in paths.split()}
    assert not listed & silent
    assert pages == listed | silent


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_s_file_holds_what_waits_in_it(
    hall: World, as_person: Callable[[str], FlaskClient], places: dict[str, str], queue: str
) -> None:
    client = as_person(EMAILS["administrator"])
    path = f"/review/?queue={queue}&lang=en"
    page, said = client.get(path).text, json.loads(client.get(address(path, "json")).data)
    main = page[page.index('class="panel"') :]
    linked = re.findall(r'<a class="grow" data-review-row href="([^"]+)"', main)
    assert [re.sub(r"^\w+://[^/]+", "", row["page"]) for row in said["rows"]] == linked
    assert said["about"]["total"] == len(linked)
    assert [each["name"] for each in said["about"]["filters"]] == ["Queue"]
    for row in said["rows"]:
        assert row["title"] in words_of(main)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_visitor_s_file_holds_the_rows_of_the_page_and_nothing_that_is_not_shown(
    visitor: FlaskClient, places: dict[str, str], follow: Callable[[], None], path: str
) -> None:
    follow()
    first = visitor.get(path).text
    pages = first
    for number in range(2, 1 + max(map(int, re.findall(r"[?&;]page=(\d+)", first)), default=1)):
        pages += visitor.get(f"{path}{'&' if '?' in path else '?'}page={number}").text
    shown = words_of(pages)
    said = json.loads(visitor.get(address(path, "json")).data)
    assert said["rows"]
    assert {row["code"] for row in said["rows"]} == set(re.findall(r'<span class="code">([^<]+)</span>', pages))
    for row in said["rows"]:
        record = words_of(visitor.get(re.sub(r"^\w+://[^/]+", "", row["page"])).text)
        for name, value in row.items():
            for each in value if isinstance(value, list) else [value]:
                if each is None or each == "" or name == "page":
                    continue
                # A card shows the beginning of a text, a sum with its thousands, and of its currency the sign.
                told = f"{each:,}" if isinstance(each, int) and each > 999 else " ".join(str(each).split())
                assert name == "currency" or told in (record if name == "text" else shown), (name, each)
    assert re.sub(r"^\w+://[^/]+", "", said["about"]["page"]).partition("?")[0] == path.partition("?")[0]


def test_a_file_says_what_was_filtered_when_and_by_which_entry_of_the_log(
    hall: World, visitor: FlaskClient, places: dict[str, str], follow: Callable[[], None], database: Session
) -> None:
    follow()
    path = "/scenarios/?q=巡检&region=440400&budget_min=10000&page=3&lang=en"
    last = database.exec(select(LogHead.last_id)).one()
    said = json.loads(visitor.get(address(path, "json")).data)["about"]
    assert said["log_position"] == last
    filters = {each["name"]: each["value"] for each in said["filters"]}
    assert filters["Words"] == "巡检"
    assert filters["Region"] == "Zhuhai"
    assert filters["Budget or price from (approximate, in yuan)"] == "10,000"
    assert filters["Closed ones"] == "left out"
    assert "page=3" not in said["page"] and "region=440400" in said["page"] and "format" not in said["page"]
    comments = visitor.get(address(path, "csv")).data.decode("utf-8-sig").splitlines()
    assert "# Words: 巡检" in comments and "# Region: Zhuhai" in comments
    assert any(line.startswith('"# As of: ') and f"entry {last} of the log" in line for line in comments)
    about = load_workbook(io.BytesIO(visitor.get(address(path, "xlsx")).data)).worksheets[0]
    assert about.title == "About"
    assert ("Region", "Zhuhai") in list(about.iter_rows(values_only=True))


def test_a_file_of_many_rows_is_cut_and_says_so(
    hall: World,
    app: Flask,
    visitor: FlaskClient,
    follow: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        hall.released_scenario()
    follow()
    monkeypatch.setattr(found_list, "MOST_ROWS", 2)
    monkeypatch.setitem(app.jinja_env.globals, "most_downloaded", 2)
    said = json.loads(visitor.get("/scenarios/?format=json&lang=en").data)
    assert (len(said["rows"]), said["about"]["rows"], said["about"]["total"]) == (2, 2, 3)
    text = visitor.get("/scenarios/?format=csv&lang=en").data.decode("utf-8-sig")
    assert "the first 2 of 3" in text
    assert "Download the first 2:" in visitor.get("/scenarios/?lang=en").text
    assert downloads.MOST_ROWS == 1000


def test_no_cell_and_no_filter_of_a_file_is_a_formula(
    hall: World, visitor: FlaskClient, follow: Callable[[], None]
) -> None:
    hall.released_scenario(title="=HYPERLINK(1)巡检")
    follow()
    path = '/scenarios/?q=@SUM(1) 巡检&domain==CMD("x")&closed=1'
    book = load_workbook(io.BytesIO(visitor.get(address("/scenarios/", "xlsx")).data))
    assert any("'=HYPERLINK" in str(cell.value) for row in book["list"].iter_rows() for cell in row)
    for each in ("/scenarios/", path):
        book = load_workbook(io.BytesIO(visitor.get(address(each, "xlsx")).data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell.value for cell in cells if str(cell.value)[:1] in "=+-@\t\r"]
        lines = csv.reader(io.StringIO(visitor.get(address(each, "csv")).data.decode("utf-8-sig")))
        assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_a_downloaded_list_can_be_brought_back(hall: World, visitor: FlaskClient, follow: Callable[[], None]) -> None:
    made = hall.released_scenario()
    follow()
    for form in ("csv", "xlsx"):
        table = parse_table(visitor.get(f"/scenarios/?format={form}&lang=zh-Hans").data)
        assert [made.title in row.cells.values() for row in table.rows] == [True], form


def test_an_unknown_form_is_the_page(visitor: FlaskClient, hall: World) -> None:
    assert visitor.get("/scenarios/?format=exe").mimetype == "text/html"
