"""Posting a scenario in three pages: text, check, preview."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.core.files import StoredFile
from scenario_hall.organizations.models import Side
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario, return_scenario
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
TEXT = (
    "岸桥无人机巡检\n妈湾港靠人工登高检查岸桥,每台停机2小时。希望引入无人机夜间巡检,续航时间不少于40分钟。"
    "预算50-80万元,申请截止时间为2099年3月31日。"
)


@pytest.fixture
def client(as_person: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_person("port@port.example")


def form_with(page: str, name: str) -> dict[str, list[str]]:
    return next(form.sent for form in forms_of(page) if name in form.sent)


def test_three_pages_from_a_text_to_review(hall: World, client: FlaskClient, database: Session) -> None:
    start = client.get("/scenarios/new", headers=EN)
    first = client.post("/scenarios/new", data=form_with(start.text, "text") | {"text": [TEXT]})
    assert first.status_code == 302 and first.location.endswith("/reading")
    page = client.get(first.location, headers=EN)
    sent = form_with(page.text, "situation")
    assert sent["title"] == ["岸桥无人机巡检"] and sent["region"] == ["440300"]
    assert (sent["budget_min"], sent["budget_max"]) == (["500000"], ["800000"])
    assert sent["requirements-0-metric"] == ["续航时间"] and "low-altitude" in sent["domains"]
    assert sent["contact_email"] == ["port@port.example"] and sent["contact_name"] == ["Port"]
    second = client.post(first.location, data=sent)
    assert second.status_code == 302 and second.location.endswith("/preview")
    preview = client.get(second.location, headers=EN)
    assert "Still missing" not in preview.text, preview.text.partition("Still missing")[2][:900]
    assert "Complete. This is how it will look." in preview.text
    code = second.location.split("/")[2]
    submit = next(form for form in forms_of(preview.text) if form.action.endswith("/submit"))
    assert client.post(submit.action, data=submit.sent).status_code == 302
    assert get_scenario(database, code).state == "submitted"


def test_the_region_is_the_organisations_where_the_text_names_none(
    hall: World, client: FlaskClient, database: Session
) -> None:
    start = form_with(client.get("/scenarios/new").text, "text")
    client.post("/scenarios/new", data=start | {"text": ["我们想要一个好办法。"]})
    assert database.exec(select(Scenario.region)).one() == hall.port.region


def word_document(*paragraphs: str) -> bytes:
    made = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/'
            'document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
            "</Types>",
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("need.docx", word_document(*TEXT.split("\n"))),
        ("need.txt", TEXT.encode()),
        ("need.txt", TEXT.encode("gb18030")),
    ],
)
def test_the_text_of_a_file_is_read_and_the_file_is_not_kept(
    hall: World, client: FlaskClient, database: Session, name: str, content: bytes
) -> None:
    start = form_with(client.get("/scenarios/new").text, "text")
    answer = client.post("/scenarios/new", data=start | {"document": [(io.BytesIO(content), name)]})
    assert answer.status_code == 302, answer.text
    made = database.exec(select(Scenario)).one()
    assert (made.title, made.budget_max) == ("岸桥无人机巡检", 800_000)
    assert database.exec(select(StoredFile)).all() == []


def test_an_old_scenario_is_copied_without_its_deadline_but_only_by_its_own_side(
    hall: World, client: FlaskClient, database: Session, as_person: Callable[[str], FlaskClient]
) -> None:
    old = hall.released_scenario(place="3号泊位")
    start = form_with(client.get(f"/scenarios/new?like={old.code}").text, "text")
    assert start["like"] == [old.code]
    code = client.post("/scenarios/new", data=start).location.split("/")[2]
    copy = get_scenario(database, code)
    assert (copy.title, copy.place, copy.requirements) == (old.title, "3号泊位", old.requirements)
    assert copy.deadline is None and copy.code != old.code
    other = hall.person("other@other.example")
    hall.organization(other, Side.DEMAND, "别的单位")
    stranger = as_person("other@other.example")
    start = form_with(stranger.get("/scenarios/new").text, "text")
    assert stranger.post("/scenarios/new", data=start | {"like": [old.code]}).status_code == 200


def test_nothing_at_all_is_told(hall: World, client: FlaskClient) -> None:
    start = form_with(client.get("/scenarios/new").text, "text")
    assert "Please write something" in client.post("/scenarios/new", data=start, headers=EN).text


def test_after_a_return_the_author_lands_at_the_first_note_and_sees_it_there(hall: World, client: FlaskClient) -> None:
    record = hall.submitted_scenario()
    return_scenario(
        hall.admin,
        session=hall.session,
        scenario=record,
        version=None,
        reason="请补充",
        notes={"situation": "写清现状"},
    )
    page = client.get(f"/scenarios/{record.code}").text
    assert f"/scenarios/{record.code}/reading#note-situation" in page
    reading = client.get(f"/scenarios/{record.code}/reading").text
    assert reading.index('id="note-situation"') < reading.index("写清现状") < reading.index('name="situation"')


def test_what_is_needed_is_marked_and_each_fault_of_the_preview_leads_to_its_field(
    hall: World, client: FlaskClient
) -> None:
    draft = hall.draft_scenario(domains=[], region="", situation="", contact_name="")
    reading = client.get(f"/scenarios/{draft.code}/reading", headers=EN).text
    preview = client.get(f"/scenarios/{draft.code}/preview", headers=EN).text
    for name in ("domains", "region", "situation", "contact_name"):
        assert f"/scenarios/{draft.code}/reading#{name}" in preview
        assert f'id="{name}"' in reading
    assert reading.count('class="required"') >= 6
