"""A form that a browser sends twice makes its change once: every form of every page, as every kind of person."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from scenario_hall.exchange.models import ImportUpload
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.sent_forms import SentForm
from scenario_hall.scenarios.models import Scenario
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS, token
from tests.web.page_forms import PageForm, forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
# What fills the fields that a form needs to make its change.
FILLED = {
    "reason": "because",
    "title": "新标题",
    "question": "请问电源在哪里?",
    "proposal": "我们来做。",
    "summary": "完成。",
    "name": "新名称",
    "registration_number": "55667788",
    "situation": "现状",
    "wanted_result": "结果",
    "place": "3号泊位",
    "measured-0": "43",
    "lessons": "早点开始",
}
# Each ends the page's session or has nothing that could be made twice.
LEFT_OUT = ("/logout", "/preferences", "/account")


def filled(form: PageForm) -> dict[str, object]:
    texts = {name: [text] for name, text in FILLED.items() if form.sent.get(name) in ([""], [])}
    return form.sent | texts


@pytest.mark.parametrize("role", ["demand", "supplier", "administrator"])
def test_every_form_counts_once(
    role: str, app: Flask, as_person: Callable[[str], FlaskClient], places: dict[str, str], database: Session
) -> None:
    client = as_person(EMAILS[role])
    made, wrong, seen = 0, [], set()
    for pattern, row in TABLE.items():
        path = pattern.format(**places)
        if row[ROLES.index(role)] != OK or "?" in path:
            continue
        page = client.get(path, headers=EN)
        for form in forms_of(page.text) if page.mimetype == "text/html" else ():
            target = form.action or path
            if target.startswith(LEFT_OUT) or target in seen:
                continue
            seen.add(target)
            if not form.sent.get("once"):
                wrong.append(f"{path} → {target}: has no number")
                continue
            answers, counts = [], [last_id(database)]
            for _ in range(2):
                answers.append(client.post(target, data=filled(form), headers=EN))
                database.rollback()
                counts.append(last_id(database))
            if counts[1] > counts[0]:
                made += 1
                first, second = answers
                if counts[2] > counts[1]:
                    wrong.append(f"{path} → {target}: counted twice")
                if first.status_code == 302 and (second.status_code, second.location) != (303, first.location):
                    wrong.append(f"{path} → {target}: {second.status_code} {second.headers.get('Location')}")
    assert wrong == []
    assert made >= {"demand": 8, "supplier": 6, "administrator": 4}[role]


def test_two_forms_of_one_page_and_a_changed_form_count_each(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("port@port.example")
    first, second = (forms_of(client.get("/scenarios/new").text)[-1].sent for _ in range(2))
    assert first["once"] != second["once"]
    for sent, title in ((first, "同一标题"), (second, "同一标题"), (first, "同一标题"), (first, "另一个标题")):
        client.post("/scenarios/new", data=sent | {"title": [title]})
    assert sorted(database.exec(select(Scenario.title)).all()) == sorted(["同一标题", "同一标题", "另一个标题"])


def test_a_form_without_its_number_and_one_with_an_error_are_taken_again(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("port@port.example")
    form_token = token(client, "/scenarios/new")
    for _ in range(2):
        assert client.post("/scenarios/new", data={"csrf_token": form_token, "title": "甲"}).status_code == 302
    assert database.exec(select(func.count()).select_from(Scenario)).one() == 2
    sent = forms_of(client.get("/scenarios/new").text)[-1].sent
    assert client.post("/scenarios/new", data=sent | {"title": [""]}).status_code == 200
    assert client.post("/scenarios/new", data=sent | {"title": ["乙"]}).status_code == 302


def test_a_list_that_is_brought_twice_is_one_list(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("port@port.example")
    sent = next(form.sent for form in forms_of(client.get("/lists/").text) if "kind" in form.sent)
    where = [
        client.post("/lists/", data=sent | {"file": [(io.BytesIO("标题\n甲\n".encode()), "a.csv")]}).location
        for _ in range(2)
    ]
    assert where[0] == where[1] and where[0].startswith("/lists/")
    assert database.exec(select(func.count()).select_from(ImportUpload)).one() == 1


def test_two_requests_at_once_make_one_record(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient], sqlite_engine: Engine
) -> None:
    client = as_person("port@port.example")
    sent = forms_of(client.get("/scenarios/new").text)[-1].sent | {"title": ["双击"]}
    cookie = client.get_cookie("session")
    assert cookie is not None
    answers: list[str] = []
    ready = threading.Barrier(6)

    def click() -> None:
        own = app.test_client()
        own.set_cookie("session", cookie.value)
        ready.wait()
        answers.append(own.post("/scenarios/new", data=sent).location)

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(sqlite_engine) as session:
        code = session.exec(select(Scenario.code)).one()
        assert session.exec(select(func.count()).select_from(SentForm)).one() == 1
        assert session.exec(select(Event).where(Event.kind == "scenario.drafted")).one().subject_code == code
    assert len(answers) == 6 and all(f"/scenarios/{code}" in each for each in answers)
