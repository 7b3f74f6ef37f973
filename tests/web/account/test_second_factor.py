"""Logging in with a second factor, and administrators who cannot do without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

from scenario_hall.app import create_app
from scenario_hall.config import Settings, SettingsError, load_settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.organizations import accounts
from scenario_hall.organizations.second_factor import second_factor_of
from tests.web.conftest import token
from tests.web.test_access import LOGIN, NO, NONE, OK, POSTS, TABLE, told
from tests.world import PASSWORD, World

EMAIL, ADMIN = "port@port.example", "admin@hall.example"
EN = {"Accept-Language": "en"}
SETTING_UP = "/account/second-factor"
Later = Callable[[float], None]


def log_in(app: Flask, email: str = EMAIL, **sent: str) -> FlaskClient:
    client = app.test_client()
    data = {"csrf_token": token(client, "/login"), "email": email, "password": PASSWORD, **sent}
    assert client.post("/login", data=data).status_code == 302
    return client


def send(client: FlaskClient, path: str, page: str = "", **sent: str):
    return client.post(path, data={"csrf_token": token(client, page or path), **sent}, headers=EN)


def set_up(client: FlaskClient) -> tuple[TOTP, list[str]]:
    """Go through the pages as a person does; the app is told the secret that they show."""
    assert send(client, f"{SETTING_UP}/begin", SETTING_UP).status_code == 302
    page = client.get(SETTING_UP).text
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert secret is not None
    app = TOTP(secret[1].replace(" ", ""))
    shown = send(client, SETTING_UP, code=app.at(now()))
    assert shown.status_code == 200 and "no-store" in shown.headers["Cache-Control"]
    codes = re.findall(r"<code>([0-9a-f]{4}(?:-[0-9a-f]{4}){7})</code>", shown.text)
    assert len(codes) == 10
    assert not any(code in client.get(SETTING_UP).text for code in codes)
    return app, codes


def test_the_password_alone_opens_nothing_any_more(app: Flask, hall: World) -> None:
    phone, codes = set_up(log_in(app))
    client = log_in(app)
    assert told(client.get("/desk")) == LOGIN
    for path, answers in TABLE.items():
        if answers[0] == LOGIN and "{" not in path and path != "/login/code":
            assert told(client.get(path)) == LOGIN, path
    wrong = send(client, "/login/code", code="000000")
    assert wrong.status_code == 200 and "wrong or was used" in wrong.text
    with clock.at(now() + timedelta(seconds=60)):
        assert send(client, "/login/code", code=phone.at(now())).status_code == 302
        assert client.get("/desk").status_code == 200
        replayed = log_in(app)
        assert send(replayed, "/login/code", code=phone.at(now())).status_code == 200
        assert told(replayed.get("/desk")) == LOGIN
        assert send(replayed, "/login/code", code=codes[0]).status_code == 302
        assert replayed.get("/desk").status_code == 200


def test_the_code_leads_where_the_person_wanted_to_go_and_never_away(app: Flask, hall: World) -> None:
    _phone, codes = set_up(log_in(app))
    for wanted, led in (("/account", "/account"), ("https://evil.example/", "/desk"), ("//evil.example", "/desk")):
        client = app.test_client()
        data = {"csrf_token": token(client, "/login"), "email": EMAIL, "password": PASSWORD, "next": wanted}
        on = client.post("/login", data=data).location
        assert on.startswith("/login/code")
        assert send(client, "/login/code", on, code=codes.pop(), next=wanted).location == led


@pytest.mark.parametrize("remember", ["", "y"])
def test_being_remembered_survives_the_code(app: Flask, hall: World, remember: str) -> None:
    _phone, codes = set_up(log_in(app))
    client = log_in(app, **({"remember": remember} if remember else {}))
    assert client.get_cookie("remember_token") is None
    send(client, "/login/code", code=codes[0])
    assert (client.get_cookie("remember_token") is not None) is bool(remember)


def test_half_way_ends_after_ten_minutes_with_a_new_password_and_with_the_account(app: Flask, hall: World) -> None:
    _phone, _codes = set_up(log_in(app))
    late, changed, closed = (log_in(app) for _ in range(3))
    with clock.at(now() + timedelta(minutes=11)):
        assert told(late.get("/login/code")) == LOGIN
    hall.session.commit()
    person = hall.port_person
    accounts.reset_password(
        hall.session, account_id=person.pk, session_generation=person.session_generation, password="another good one"
    )
    assert told(changed.get("/login/code")) == LOGIN
    accounts.set_active(hall.admin, session=hall.session, account=person, is_active=False, reason="x")
    assert told(closed.get("/login/code")) == LOGIN
    assert told(app.test_client().get("/login/code")) == LOGIN


def test_a_new_password_by_mail_does_not_go_past_the_code(app: Flask, hall: World) -> None:
    set_up(log_in(app))
    hall.session.commit()
    person = hall.port_person
    accounts.reset_password(
        hall.session, account_id=person.pk, session_generation=person.session_generation, password=PASSWORD
    )
    assert told(log_in(app).get("/desk")) == LOGIN


def test_its_owner_removes_it_and_an_administrator_resets_it(app: Flask, hall: World) -> None:
    client, admin = log_in(app), log_in(app, ADMIN)
    set_up(client)
    assert send(client, f"{SETTING_UP}/remove", SETTING_UP).status_code == 302
    assert log_in(app).get("/desk").status_code == 200
    set_up(client)
    path = f"/admin/accounts/{hall.port_person.pk}/reset-second-factor"
    assert path in admin.get("/admin/accounts").text
    assert send(admin, path, "/account").status_code == 302
    assert log_in(app).get("/desk").status_code == 200
    assert send(admin, path, "/account").status_code == 409


def strict(settings: Settings) -> Flask:
    return create_app(replace(settings, second_factor="administrators"))


def test_in_production_administrators_have_to_have_one_unless_it_says_otherwise() -> None:
    secret = {"HALL_SECRET_KEY": "6f1d0c9be2a84537d1f09a3c5e7b8240", "HALL_MEANING": "off"}
    assert load_settings({**secret}).second_factor == "administrators"
    assert load_settings({**secret, "HALL_SECOND_FACTOR": "optional"}).second_factor == "optional"
    assert load_settings({"HALL_ENVIRONMENT": "development", **secret}).second_factor == "optional"
    with pytest.raises(SettingsError, match="HALL_SECOND_FACTOR"):
        load_settings({**secret, "HALL_SECOND_FACTOR": "no"})


def test_an_administrator_without_one_is_nobody_special_on_any_page_until_it_is_set_up(
    hall: World, hall_settings: Settings, places: dict[str, str]
) -> None:
    app = strict(hall_settings)
    client = app.test_client()
    data = {"csrf_token": token(client, "/login"), "email": ADMIN, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/login", data=data).location == SETTING_UP
    assert "log in with a second factor" in client.get(SETTING_UP, headers=EN).text
    # What somebody from elsewhere may not see or do, this administrator may not.
    for path, answers in TABLE.items():
        if answers[4] in (NO, NONE):
            seen = client.get(path.format(**places))
            assert told(seen) in (NO, NONE) or seen.location == SETTING_UP, path
    form = token(client, "/account")
    for path, answers in POSTS.items():
        if answers[4] in (NO, NONE):
            seen = client.post(path.format(**places), data={"csrf_token": form})
            assert told(seen) in (NO, NONE) or seen.location == SETTING_UP, path
    set_up(client)
    for path, answers in TABLE.items():
        if answers[5] == OK and "{" not in path:
            assert client.get(path).status_code == 200, path
    assert send(client, f"{SETTING_UP}/remove", SETTING_UP).status_code == 403
    hall.session.rollback()
    assert second_factor_of(hall.session, hall.administrator.pk) is not None


def test_others_may_do_without(hall: World, hall_settings: Settings) -> None:
    assert log_in(strict(hall_settings)).get("/desk").status_code == 200
