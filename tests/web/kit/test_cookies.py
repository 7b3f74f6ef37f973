"""With https every cookie is the host's own: ``__Host-``, Secure, for all paths, read by no script; also where it is
taken away, since browsers keep what is not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scenario_hall.app import create_app
from scenario_hall.config import ROOT, Settings
from scenario_hall.web.kit import cookies
from scenario_hall.web.kit.cookies import DEVICE, KEPT_FORM, LOCALE, PREFIX, REMEMBERED, SESSION, THEME
from tests.web.conftest import token
from tests.web.page_forms import forms_of
from tests.world import PASSWORD, World

EMAIL = "port@port.example"
ALL = {SESSION, REMEMBERED, LOCALE, THEME, DEVICE, KEPT_FORM}


@pytest.fixture
def app(hall_settings: Settings, scheme: str) -> Flask:
    return create_app(replace(hall_settings, base_url=f"{scheme}://hall.test"))


def every_cookie(app: Flask, hall: World) -> list[str]:
    """The Set-Cookie lines of somebody who comes, logs in, loses the session over a form, sends it, logs out, and
    closes the account in the end."""
    client, seen = _Client(app), list[str]()
    client.told = seen
    client.post("/preferences", {"locale": "en", "theme": "dark"})
    client.log_in()
    draft = hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/problem"
    form = {name: values[0] for name, values in forms_of(client.get(path).text)[-1].sent.items() if values}
    for name in (SESSION, REMEMBERED):
        client.own.delete_cookie(client.prefix + name)
    client.post(path, form)
    client.log_in()
    again = next(each.sent for each in forms_of(client.get(path).text) if "title" in each.sent)
    client.post(path, {name: values[0] for name, values in again.items() if values})
    client.post("/logout", {"csrf_token": token(client.own, "/account")})
    client.log_in()
    client.post("/account/close", {"csrf_token": token(client.own, "/account/close"), "is_sure": "y"})
    return seen


class _Client:
    def __init__(self, app: Flask) -> None:
        self.own: FlaskClient = app.test_client()
        self.own.environ_base["HTTP_REFERER"] = "https://hall.test/"
        self.prefix = str(app.config["COOKIE_PREFIX"])
        self.told: list[str] = []

    def get(self, path: str) -> TestResponse:
        return self._noted(self.own.get(path))

    def post(self, path: str, data: dict[str, str]) -> TestResponse:
        return self._noted(self.own.post(path, data=data))

    def log_in(self) -> None:
        sent = {"csrf_token": token(self.own, "/login"), "email": EMAIL, "password": PASSWORD, "remember": "y"}
        assert self.post("/login", sent).status_code == 302

    def _noted(self, answer: TestResponse) -> TestResponse:
        self.told += answer.headers.getlist("Set-Cookie")
        return answer


@pytest.mark.parametrize("scheme", ["https"])
def test_with_https_every_cookie_is_the_hosts_own(app: Flask, hall: World) -> None:
    lines = every_cookie(app, hall)
    assert {line.partition("=")[0] for line in lines} == {PREFIX + name for name in ALL}
    for line in lines:
        attributes = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes, line
        assert not any(part.startswith("domain") for part in attributes), line
    given_up = {line.partition("=")[0] for line in lines if "Max-Age=0" in line}
    assert given_up >= {PREFIX + name for name in (REMEMBERED, DEVICE, KEPT_FORM)}


@pytest.mark.parametrize("scheme", ["http"])
def test_without_https_no_browser_would_take_such_a_name(app: Flask, hall: World) -> None:
    lines = every_cookie(app, hall)
    assert {line.partition("=")[0] for line in lines} == ALL
    assert not any("secure" in line.lower() for line in lines)


def test_every_cookie_is_set_and_read_in_one_file() -> None:
    handled = re.compile(r"\.(set|delete)_cookie\(|\bcookies(\.get\(|\[)")
    own = Path(cookies.__file__)
    others = [path for path in (ROOT / "scenario_hall").rglob("*.py") if path != own]
    assert [path.name for path in others if handled.search(path.read_text("utf-8"))] == []
