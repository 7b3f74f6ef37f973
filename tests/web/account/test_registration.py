"""No page says who has an account: the answers for a known and an unknown address are the same."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from scenario_hall.organizations.accounts import set_active
from tests.web.conftest import token
from tests.world import PASSWORD, World

KNOWN = ("port@port.example", "PORT@Port.example ", "admin@hall.example", "closed@port.example", "un@port.example")
UNKNOWN = "nobody@port.example"
EN = {"Accept-Language": "en"}
FORMS: dict[str, dict[str, str]] = {
    "/register": {"name": "Somebody", "password": "another good one"},
    "/login": {"password": "wrong password"},
    "/password/forgotten": {},
}


def answer(app: Flask, path: str, email: str, sent: dict[str, str]) -> tuple[object, ...]:
    """All that somebody learns: status, where it leads, cookies by name, and what the next page says."""
    client = app.test_client()
    got = client.post(path, data={"csrf_token": token(client, path), "email": email, **sent}, headers=EN)
    page = client.get(got.location, headers=EN) if got.location else got
    text = re.sub(r'(name="(?:csrf_token|once)"[^>]*)value="[^"]+"', r"\1", page.text).replace(email, "ADDRESS")
    cookies = sorted(each.partition("=")[0] for each in got.headers.getlist("Set-Cookie"))
    return got.status_code, got.location, cookies, text


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("email", KNOWN)
def test_a_known_address_is_answered_as_an_unknown_one(app: Flask, hall: World, path: str, email: str) -> None:
    hall.person("un@port.example", is_confirmed=False)
    closed = hall.person("closed@port.example")
    set_active(hall.admin, session=hall.session, account=closed, is_active=False, reason="x")
    assert answer(app, path, email, FORMS[path]) == answer(app, path, UNKNOWN, FORMS[path])


@pytest.mark.parametrize("sent", [{"password": "short"}, {"name": " "}, {"name": "a\r\nb"}, {"name": ""}])
def test_what_is_wrong_with_the_rest_is_said_whoever_has_the_address(
    app: Flask, hall: World, sent: dict[str, str]
) -> None:
    sent = FORMS["/register"] | sent
    told = answer(app, "/register", UNKNOWN, sent)
    assert told[0] == 200 and answer(app, "/register", KNOWN[0], sent) == told


def test_who_registers_logs_in_with_the_password_typed(app: Flask, hall: World) -> None:
    answer(app, "/register", "new@port.example", FORMS["/register"])
    client = app.test_client()
    sent = {"csrf_token": token(client, "/login"), "email": "new@port.example", **FORMS["/register"]}
    assert client.post("/login", data=sent).location == "/desk"


def test_registering_again_changes_nothing_of_the_account(app: Flask, hall: World) -> None:
    answer(app, "/register", KNOWN[0], FORMS["/register"])
    client = app.test_client()
    sent = {"csrf_token": token(client, "/login"), "email": KNOWN[0], "password": PASSWORD}
    assert client.post("/login", data=sent).location == "/desk"
