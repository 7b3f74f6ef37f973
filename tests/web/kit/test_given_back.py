"""A form that was sent after the session had ended comes back filled, and is not sent by itself."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.kept_forms import MOST_BYTES, Form, KeptForm, find_form, keep_form, prune_kept_forms
from scenario_hall.log.chain import last_id
from scenario_hall.scenarios.service import get_scenario, save_draft
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS, token
from tests.web.page_forms import forms_of
from tests.world import PASSWORD, World

EN = {"Accept-Language": "en"}
WORDS = "what took an hour to write"


def log_in(client: FlaskClient, email: str, following: str) -> str:
    """Logs in as the page says; returns where that leads."""
    data = {"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD, "next": following}
    answer = client.post("/login", data=data)
    assert answer.status_code == 302, answer.text
    return answer.location


def following_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


def end_session(client: FlaskClient, way: str) -> None:
    if way == "cookie gone":
        client.delete_cookie("session")
        client.delete_cookie("remember_token")
    else:  # elsewhere, while this browser keeps its cookie
        kept = client.get_cookie("session")
        assert kept is not None
        client.post("/logout", data={"csrf_token": token(client, "/account")})
        client.set_cookie("session", kept.value)


@pytest.mark.parametrize("way", ["cookie gone", "ended elsewhere"])
def test_every_form_of_every_page_comes_back_filled(
    app: Flask, as_person: Callable[[str], FlaskClient], places: dict[str, str], database: Session, way: str
) -> None:
    walked, wrong = 0, []
    for role in ("demand", "supplier"):
        for pattern, row in TABLE.items():
            path = pattern.format(**places)
            if row[ROLES.index(role)] != OK or "?" in path or path.startswith(("/account", "/password", "/register")):
                continue
            client = as_person(EMAILS[role])
            page = client.get(path, headers=EN)
            if page.mimetype != "text/html":
                continue
            forms = [form for form in forms_of(page.text) if form.lines or "reason" in form.sent]
            forms = [form for form in forms if form.action in ("", path)] or forms[:1]
            if not forms:
                continue
            form = forms[0]
            name = next(name for name in (*form.lines, "reason") if name in form.sent)
            end_session(client, way)
            before = last_id(database)
            answer = client.post(
                form.action or path,
                data=form.sent | {name: [WORDS]},
                headers=EN | {"Referer": f"http://localhost{path}"},
            )
            walked += 1
            if "/login" not in answer.headers.get("Location", ""):
                wrong.append(f"{path}: {answer.status_code} {answer.headers.get('Location')}")
                continue
            back = client.get(log_in(client, EMAILS[role], following_of(answer.location)), headers=EN)
            database.rollback()
            if WORDS not in html.unescape(back.text) or "It has not been sent" not in back.text:
                wrong.append(f"{path} {name}: not there again")
            if last_id(database) > before + 1:
                wrong.append(f"{path}: sent by itself")
    assert wrong == []
    assert walked >= 12


def test_what_is_given_back_is_sent_once_and_then_gone(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/problem"
    form = forms_of(client.get(path).text)[-1].sent
    client.delete_cookie("session")
    client.post(path, data=form | {"title": [WORDS]})
    assert log_in(client, "port@port.example", path) == path
    shown = next(each.sent for each in forms_of(client.get(path).text) if "title" in each.sent)
    assert shown["title"] == [WORDS] and shown["version"] == form["version"]
    assert client.post(path, data=shown).status_code == 302
    assert client.get_cookie("kept_form") is None
    assert database.exec(select(KeptForm)).all() == []
    assert "It has not been sent" not in client.get(path, headers=EN).text


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/problem"
    form = forms_of(client.get(path).text)[-1].sent
    client.delete_cookie("session")
    client.post(path, data=form | {"title": [WORDS]})
    save_draft(hall.demand, session=hall.session, scenario=draft, version=None, content={"title": "同事的标题"})
    log_in(client, "port@port.example", path)
    shown = next(each.sent for each in forms_of(client.get(path).text) if "title" in each.sent)
    answer = client.post(path, data=shown, headers=EN)
    assert answer.status_code == 200 and "Somebody else has saved this" in answer.text
    assert get_scenario(database, draft.code).title == "同事的标题"


def test_nothing_secret_is_kept_nor_what_another_site_sends(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    client = as_person("port@port.example")
    path = f"/scenarios/{hall.draft_scenario().code}/edit/problem"
    form_token = token(client, path)
    client.delete_cookie("session")
    fields = {"csrf_token": form_token, "title": WORDS}
    assert client.post("/account/password", data=fields | {"current": "x", "password": "y"}).status_code == 400
    assert client.post("/login", data=fields | {"password": "y"}).status_code == 400
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(path, data=fields, headers=headers).status_code == 400
    assert client.post(path, data=fields | {"csrf_token": "made up"}).status_code == 400
    assert client.post(path, data=fields | {"title": "x" * MOST_BYTES}).status_code == 400
    assert database.exec(select(KeptForm)).all() == []


def test_another_person_does_not_get_it(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    secret = keep_form(database, Form("/a", "/a", [("title", WORDS)]), account_id=hall.demand.account_id)
    assert find_form(database, secret, account_id=hall.supplier.account_id) is None
    found = find_form(database, secret, account_id=hall.demand.account_id)
    assert found is not None and found.written == [("title", WORDS)]
    row = database.exec(select(KeptForm)).one()
    assert WORDS.encode() not in row.sealed and secret not in row.id
    with clock.at(now() + timedelta(hours=1, seconds=1)):
        assert find_form(database, secret, account_id=hall.demand.account_id) is None
        assert prune_kept_forms(database) == 1


def test_the_page_of_an_error_has_the_words(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, scenario = as_person("port@port.example"), hall.released_scenario()
    form_token = token(client, f"/scenarios/{scenario.code}")
    data = {"csrf_token": form_token, "version": "999", "reason": WORDS}
    stale = client.post(f"/scenarios/{scenario.code}/close", data=data, headers=EN)
    assert stale.status_code == 409 and WORDS in stale.text and "What you had written" in stale.text
