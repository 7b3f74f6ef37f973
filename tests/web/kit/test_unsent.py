"""What is typed in a form and not sent is kept for its author, and is there again on the form's page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.kept_forms import MOST_BYTES, MOST_UNSENT, KeptForm, prune_kept_forms
from scenario_hall.log.chain import last_id
from scenario_hall.scenarios.service import get_scenario, save_draft
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS
from tests.web.page_forms import PageForm, forms_of
from tests.world import World

EN = {"Accept-Language": "en"}
WORDS = "what took an hour to type"
BACK = "What you had typed here and not sent is back"


def typed_form(client: FlaskClient, path: str) -> PageForm:
    """The form of the page that is sent to its own address."""
    return next(form for form in forms_of(client.get(path, headers=EN).text) if form.action == "" and fields_of(form))


def fields_of(form: PageForm) -> list[str]:
    """The names of what is typed in it."""
    return [*form.lines, *form.texts]


def keep(client: FlaskClient, path: str, sent: dict[str, list[str]]) -> int:
    return client.post("/unsent", data=sent | {"unsent-page": [path]}, headers=EN).status_code


def test_every_form_that_is_long_keeps_what_is_typed(
    as_person: Callable[[str], FlaskClient], places: dict[str, str], database: Session
) -> None:
    walked, wrong = 0, []
    for role in ("demand", "supplier", "administrator"):
        client = as_person(EMAILS[role])
        for pattern, row in TABLE.items():
            path = pattern.format(**places).partition("?")[0]
            if row[ROLES.index(role)] != OK:
                continue
            page = client.get(path, headers=EN)
            if page.mimetype != "text/html" or "data-unsent=" not in page.text:
                continue
            form = next(form for form in forms_of(page.text) if form.action == "" and fields_of(form))
            before, name = last_id(database), fields_of(form)[-1]
            if keep(client, path, form.sent | {name: [WORDS]}) != OK:
                wrong.append(f"{path}: not kept")
            back = html.unescape(client.get(path, headers=EN).text)
            if WORDS not in back or BACK not in back:
                wrong.append(f"{path} {name}: not there again")
            database.rollback()
            if last_id(database) != before:
                wrong.append(f"{path}: an event")
            walked += 1
    assert wrong == []
    assert walked >= 15


def test_what_was_typed_is_given_back_until_it_is_sent(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/reading"
    form = typed_form(client, path).sent
    assert keep(client, path, form | {"title": [WORDS]}) == 200
    elsewhere = as_person("port@port.example")  # another browser of the same person
    shown = typed_form(elsewhere, path).sent
    assert shown["title"] == [WORDS] and shown["version"] == form["version"]
    assert get_scenario(database, draft.code).title != WORDS  # kept, not saved
    wrong = elsewhere.post(path, data=shown | {"budget_min": ["much"]}, headers=EN)
    assert wrong.status_code == 200 and database.exec(select(KeptForm)).all() != []
    assert elsewhere.post(path, data=shown).status_code == 302
    database.rollback()
    assert get_scenario(database, draft.code).title == WORDS
    assert database.exec(select(KeptForm)).all() == []
    assert BACK not in client.get(path, headers=EN).text


def test_the_same_kept_twice_is_one_row_and_the_later_text_counts(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, path = as_person("port@port.example"), "/scenarios/new"
    form = typed_form(client, path).sent
    for words in ("first", "first", WORDS):
        assert keep(client, path, form | {"text": [words]}) == 200
    row = database.exec(select(KeptForm)).one()
    assert WORDS.encode() not in row.sealed and len(row.id) == 64
    assert typed_form(client, path).sent["text"] == [WORDS]


def test_nothing_that_was_saved_meanwhile_is_overwritten(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/problem"
    keep(client, path, typed_form(client, path).sent | {"title": [WORDS]})
    save_draft(hall.demand, session=hall.session, scenario=draft, version=None, content={"title": "同事的标题"})
    answer = client.post(path, data=typed_form(client, path).sent, headers=EN)
    assert answer.status_code == 200 and "Somebody else has saved this" in answer.text and WORDS in answer.text
    assert get_scenario(database, draft.code).title == "同事的标题"


def test_what_was_typed_can_be_discarded(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, path = as_person("port@port.example"), "/scenarios/new"
    keep(client, path, typed_form(client, path).sent | {"text": [WORDS]})
    page = client.get(path, headers=EN).text
    discard = next(form for form in forms_of(page) if form.action == "/unsent/drop").sent
    answer = client.post("/unsent/drop", data=discard)
    assert (answer.status_code, answer.location) == (303, path)
    assert WORDS not in client.get(path).text and database.exec(select(KeptForm)).all() == []


def test_nobody_else_gets_it_and_no_secret_is_kept(
    hall: World, as_person: Callable[[str], FlaskClient], visitor: FlaskClient, database: Session
) -> None:
    client, path = as_person("port@port.example"), "/organizations/new"
    form = typed_form(client, path).sent
    for page in (
        "/login",
        "/account/password",
        "/account",
        "/desk",
        "/none",
        "//evil.example/",
        "https://evil.example",
    ):
        assert keep(client, page, form | {"name": [WORDS]}) == 404, page
    assert keep(client, path, form | {"name": ["x" * MOST_BYTES]}) == 413
    assert database.exec(select(KeptForm)).all() == []
    assert keep(client, path, form | {"name": [WORDS]}) == 200
    assert WORDS not in as_person("maker@maker.example").get(path).text
    assert keep(visitor, path, form) in (400, 401)


def test_it_is_kept_for_a_fortnight_and_of_so_many_forms(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("port@port.example")
    form = typed_form(client, "/scenarios/new").sent
    keep(client, "/scenarios/new", form | {"text": [WORDS]})
    with clock.at(now() + timedelta(days=13)):
        assert prune_kept_forms(database) == 0
        assert WORDS in as_person("port@port.example").get("/scenarios/new").text
    with clock.at(now() + timedelta(days=14, seconds=1)):
        assert prune_kept_forms(database) == 1
    for number in range(MOST_UNSENT + 2):
        path = f"/scenarios/S-2026-{number:06}/reading"
        with clock.at(now() + timedelta(seconds=number)):
            assert keep(client, path, form | {"text": [WORDS]}) == 200
    assert len(database.exec(select(KeptForm)).all()) == MOST_UNSENT


def test_the_page_says_where_a_script_keeps_it(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    page = as_person("port@port.example").get("/scenarios/new", headers=EN).text
    assert re.search(r'data-unsent="/unsent"\s+data-page="/scenarios/new"', page)
    assert "Draft kept at {time}" in page
