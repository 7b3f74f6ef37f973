"""Sessions: whatever ends one ends every copy of its cookies, on every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from scenario_hall.core import clock
from scenario_hall.log.chain import Event
from scenario_hall.organizations import accounts
from scenario_hall.organizations.sessions import OVERLAP, end_all
from tests.web.access_table import LOGIN, TABLE
from tests.web.conftest import token
from tests.web.test_access import told
from tests.world import PASSWORD, World

EMAIL = "port@port.example"
COOKIES = ("session", "remember_token")
NEW = "another good one"
EN = {"Accept-Language": "en"}


def logged_in(app: Flask, *, email: str = EMAIL, password: str = PASSWORD, agent: str = "") -> FlaskClient:
    client = app.test_client()
    if agent:
        client.environ_base["HTTP_USER_AGENT"] = agent
    sent = {"csrf_token": token(client, "/login"), "email": email, "password": password, "remember": "y"}
    assert client.post("/login", data=sent).status_code == 302
    return client


def value_of(client: FlaskClient, name: str) -> str:
    cookie = client.get_cookie(name)
    assert cookie is not None, name
    return cookie.value


def copies(app: Flask, client: FlaskClient) -> dict[str, FlaskClient]:
    """Somebody who has copied one of the cookies."""
    made = {}
    for name in COOKIES:
        made[name] = app.test_client()
        made[name].set_cookie(name, value_of(client, name))
    return made


def post(client: FlaskClient, path: str, **sent: str) -> int:
    return client.post(path, data={"csrf_token": token(client, "/account"), **sent}).status_code


def logs_out(hall: World, client: FlaskClient, _other: FlaskClient) -> None:
    answer = client.post("/logout", data={"csrf_token": token(client, "/account")})
    deleted = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("remember_token=;")]
    assert deleted and "Max-Age=0" in deleted[0]


def changes_the_password(hall: World, _client: FlaskClient, other: FlaskClient) -> None:
    assert post(other, "/account/password", current=PASSWORD, password=NEW) == 302
    assert other.get("/account").status_code == 200


def resets_the_password(hall: World, _client: FlaskClient, _other: FlaskClient) -> None:
    person = hall.port_person
    accounts.reset_password(
        hall.session, account_id=person.pk, session_generation=person.session_generation, password=NEW
    )


def is_closed(hall: World, _client: FlaskClient, _other: FlaskClient) -> None:
    accounts.set_active(hall.admin, session=hall.session, account=hall.port_person, is_active=False, reason="x")


def ends_it_elsewhere(hall: World, _client: FlaskClient, other: FlaskClient) -> None:
    numbers = re.findall(r"/account/sessions/(\d+)/end", other.get("/account").text)
    assert len(numbers) == 2  # the one used last, this one, stands first
    assert post(other, f"/account/sessions/{numbers[1]}/end") == 302
    assert other.get("/account").status_code == 200


def ends_this_one_in_the_list(hall: World, client: FlaskClient, _other: FlaskClient) -> None:
    number = re.findall(r"/account/sessions/(\d+)/end", client.get("/account").text)[-1]
    assert post(client, f"/account/sessions/{number}/end") == 302


def ends_all_others(hall: World, _client: FlaskClient, other: FlaskClient) -> None:
    assert post(other, "/account/sessions/others/end") == 302
    assert other.get("/account").status_code == 200


def is_ended_by_an_administrator(hall: World, _client: FlaskClient, _other: FlaskClient) -> None:
    assert end_all(hall.admin, session=hall.session, account=hall.port_person) == 2


@pytest.mark.parametrize(
    "end",
    [
        is_ended_by_an_administrator,
        logs_out,
        changes_the_password,
        resets_the_password,
        is_closed,
        ends_it_elsewhere,
        ends_this_one_in_the_list,
        ends_all_others,
    ],
)
def test_what_ends_a_session_ends_every_copy_of_its_cookies(
    app: Flask, hall: World, end: Callable[[World, FlaskClient, FlaskClient], None]
) -> None:
    client = logged_in(app)
    other = logged_in(app)
    stolen = copies(app, client)
    for name, copy in stolen.items():
        assert copy.get("/desk").status_code == 200, name
    kept = copies(app, client)
    kept["changed"] = stolen["remember_token"]  # with the secret that the lasting cookie got when it was used
    hall.session.commit()
    end(hall, client, other)
    for name, copy in kept.items():
        assert told(copy.get("/desk")) == LOGIN, name


@pytest.mark.parametrize("end,count", [(ends_it_elsewhere, 1), (ends_all_others, 1), (is_ended_by_an_administrator, 2)])
def test_whoever_ends_sessions_is_in_the_log(
    app: Flask, hall: World, end: Callable[[World, FlaskClient, FlaskClient], None], count: int
) -> None:
    client, other = logged_in(app), logged_in(app)
    hall.session.commit()
    end(hall, client, other)
    hall.session.rollback()
    (event,) = hall.session.exec(select(Event).where(col(Event.kind) == "account.sessions_ended"))
    by = hall.administrator if end is is_ended_by_an_administrator else hall.port_person
    assert (event.actor_id, event.subject_id) == (by.pk, hall.port_person.pk)
    assert event.fields == {"sessions": count}


def test_an_administrator_logs_somebody_out_on_the_page_and_nobody_else_does(app: Flask, hall: World) -> None:
    client, admin = logged_in(app), logged_in(app, email="admin@hall.example")
    path = f"/admin/accounts/{hall.port_person.pk}/log-out"
    assert post(logged_in(app, email="maker@maker.example"), path) == 404
    assert client.get("/desk").status_code == 200
    assert post(admin, path) == 302
    assert told(client.get("/desk")) == LOGIN
    assert admin.get("/desk").status_code == 200


def test_on_no_page_is_an_ended_session_anybody(app: Flask, hall: World, places: dict[str, str]) -> None:
    client = logged_in(app)
    kept = copies(app, client)
    post(client, "/logout")
    wrong = [
        f"{name} {path}"
        for path, expected in TABLE.items()
        if expected[0] == LOGIN
        for name in COOKIES
        if told(kept[name].get(path.format(**places))) != LOGIN
    ]
    assert wrong == []


def test_the_lasting_cookie_opens_a_session_and_changes(app: Flask, hall: World) -> None:
    client = logged_in(app)
    first = value_of(client, "remember_token")
    client.delete_cookie("session")
    for _ in range(3):  # and stays logged in from page to page
        assert client.get("/desk").status_code == 200
    second = value_of(client, "remember_token")
    assert first != second
    late = app.test_client()
    late.set_cookie("remember_token", first)
    with clock.at(clock.now() + 2 * OVERLAP):
        assert told(late.get("/desk")) == LOGIN
    client.delete_cookie("session")
    assert client.get("/desk").status_code == 200


def test_the_page_lists_one_s_own_sessions_alone(app: Flask, hall: World) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client = logged_in(app, agent=firefox)
    logged_in(app)
    logged_in(app, email="maker@maker.example")
    text = client.get("/account", headers=EN).text
    assert text.count("127.0.0.0/24") == 2 and "Firefox · Linux" in text and text.count("this one") == 1


def test_the_cookie_of_another_kind_of_browser_is_none(app: Flask, hall: World) -> None:
    client = logged_in(app, agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    for name, copy in copies(app, client).items():
        assert told(copy.get("/desk")) == LOGIN, name


def test_who_changes_the_password_stays_logged_in_and_remembered(app: Flask, hall: World) -> None:
    client = logged_in(app)
    kept = copies(app, client)
    post(client, "/account/password", current=PASSWORD, password=NEW)
    assert client.get_cookie("remember_token") is not None
    assert client.get("/desk").status_code == 200
    assert all(told(copy.get("/desk")) == LOGIN for copy in kept.values())
