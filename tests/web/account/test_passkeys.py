"""Passkeys through the pages: made, shown after the password and before acts of weight, and never for another site."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.organizations.passkey_tables import passkeys_of
from scenario_hall.organizations.sessions import PROVEN_FOR
from tests.authenticators import Device
from tests.web.account.test_second_factor import ADMIN, EN, SETTING_UP, log_in, send, set_up
from tests.web.conftest import token
from tests.web.test_access import LOGIN, told
from tests.world import World

ORIGIN = "http://localhost"


@pytest.fixture
def named(hall_settings: Settings) -> Flask:
    """The hall at an address for which browsers make passkeys."""
    return create_app(replace(hall_settings, base_url=ORIGIN))


def asked(client: FlaskClient, path: str, page: str = "/account") -> str:
    """What the page's script is given for the browser."""
    answer = client.post(path, data={"csrf_token": token(client, page)})
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]
    return answer.text


def add(client: FlaskClient, name: str = "office laptop") -> tuple[Device, list[str]]:
    """Make one through the page; the recovery codes that it shows, if any."""
    device = Device(ORIGIN)
    sent = send(
        client, "/account/passkeys", SETTING_UP, name=name, answer=device.make(asked(client, "/account/passkeys/new"))
    )
    codes = re.findall(r"<code>([0-9a-f]{4}(?:-[0-9a-f]{4}){7})</code>", sent.text)
    assert sent.status_code == (200 if codes else 302)
    return device, codes


def show(client: FlaskClient, device: Device, **lies: str):
    return send(client, "/login/code", passkey=device.show(asked(client, "/login/passkey", "/login/code"), **lies))


def test_after_the_password_it_is_asked_for_and_the_codes_of_before_count(named: Flask, hall: World) -> None:
    device, codes = add(log_in(named))
    assert len(codes) == 10
    client = log_in(named)
    assert told(client.get("/desk")) == LOGIN
    page = client.get("/login/code", headers=EN).text
    assert 'data-passkey-ask="/login/passkey"' in page and "A recovery code." in page
    wrong = show(client, device, origin="http://localhost.evil.example")
    assert wrong.status_code == 200 and "was not accepted" in wrong.text and told(client.get("/desk")) == LOGIN
    assert show(client, device).status_code == 302 and client.get("/desk").status_code == 200
    other = log_in(named)
    assert send(other, "/login/code", code=codes[0]).status_code == 302 and other.get("/desk").status_code == 200


def test_the_log_in_goes_where_the_person_wanted_and_is_remembered(named: Flask, hall: World) -> None:
    device, _codes = add(log_in(named))
    client = log_in(named, remember="y", next="/bookmarks")
    answer = device.show(asked(client, "/login/passkey", "/login/code"))
    assert send(client, "/login/code", passkey=answer, next="/bookmarks").location == "/bookmarks"
    assert client.get_cookie("remember_token") is not None


def test_without_the_password_no_question_is_put(named: Flask, hall: World) -> None:
    add(log_in(named))
    stranger = named.test_client()
    answer = stranger.post("/login/passkey", data={"csrf_token": token(stranger, "/login")})
    assert told(answer) == LOGIN


def test_an_act_of_weight_asks_for_it_and_not_for_the_password(
    named: Flask, hall: World, places: dict[str, str]
) -> None:
    admin = log_in(named, ADMIN)
    device, codes = add(admin)
    path = f"/admin/accounts/{hall.port_person.pk}/promote"
    with clock.at(now() + 2 * PROVEN_FOR):
        sent = {"csrf_token": token(admin, "/account")}
        page = admin.post(path, data=sent, headers=EN).text
        assert 'data-passkey-ask="/account/passkeys/ask"' in page and 'name="current"' not in page
        lie = device.show(asked(admin, "/account/passkeys/ask"), flags=1)
        refused = admin.post(path, data={**sent, "passkey": lie}, headers=EN)
        assert refused.status_code == 403 and "was not accepted" in refused.text
        good = device.show(asked(admin, "/account/passkeys/ask"))
        assert admin.post(path, data={**sent, "passkey": good}).status_code == 302
        assert admin.post(path, data=sent).status_code == 302  # and not again for ten minutes
    with clock.at(now() + 4 * PROVEN_FOR):
        sent = {"csrf_token": token(admin, "/account")}
        assert admin.post(path, data={**sent, "code": codes[0]}).status_code == 302


def test_a_new_one_is_kept_only_when_it_was_shown_who_is_there(named: Flask, hall: World) -> None:
    client = log_in(named)
    with clock.at(now() + 2 * PROVEN_FOR):
        device = Device(ORIGIN)
        form = {"name": "phone", "answer": device.make(asked(client, "/account/passkeys/new"))}
        first = client.post("/account/passkeys", data={"csrf_token": token(client, "/account"), **form}, headers=EN)
        assert first.status_code == 403 and "Is it you?" in first.text
        hall.session.rollback()
        assert passkeys_of(hall.session, hall.port_person.pk) == []
        again = {"csrf_token": token(client, "/account"), **form, "current": "a long enough password"}
        assert client.post("/account/passkeys", data=again).status_code == 200
    hall.session.rollback()
    assert [each.name for each in passkeys_of(hall.session, hall.port_person.pk)] == ["phone"]


def test_administrators_who_need_a_second_factor_may_have_a_passkey_for_it(
    hall: World, hall_settings: Settings
) -> None:
    app = create_app(replace(hall_settings, base_url=ORIGIN, second_factor="administrators"))
    client = log_in(app, ADMIN)
    assert client.get("/admin/").location == SETTING_UP
    add(client)
    assert client.get("/admin/").status_code == 200
    hall.session.rollback()
    (row,) = passkeys_of(hall.session, hall.administrator.pk)
    page = client.get(SETTING_UP).text
    assert f"/account/passkeys/{row.id}/remove" not in page
    assert send(client, f"/account/passkeys/{row.id}/remove", SETTING_UP).status_code == 403
    set_up_beside(client)
    assert f"/account/passkeys/{row.id}/remove" in client.get(SETTING_UP).text
    assert send(client, f"{SETTING_UP}/remove", SETTING_UP).status_code == 302
    assert client.get("/admin/").status_code == 200


def set_up_beside(client: FlaskClient) -> None:
    """An authenticator app beside a passkey: no new recovery codes are shown."""
    with pytest.raises(AssertionError):
        set_up(client)  # which looks for them
    assert "An authenticator app is set up" in client.get(SETTING_UP, headers=EN).text


def test_they_are_listed_renamed_and_removed_by_their_owner_alone(
    named: Flask, hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = log_in(named)
    _device, codes = add(client, "old <b>name</b>")
    hall.session.rollback()
    (row,) = passkeys_of(hall.session, hall.port_person.pk)
    page = client.get(SETTING_UP, headers=EN).text
    assert "old &lt;b&gt;name&lt;/b&gt;" in page and "Never used" in page and "Recovery codes left: 10" in page
    maker = log_in(named, "maker@maker.example")
    for act in ("rename", "remove"):
        assert send(maker, f"/account/passkeys/{row.id}/{act}", "/account", name="x").status_code == 404
    assert send(client, f"/account/passkeys/{row.id}/rename", SETTING_UP, name="new name").status_code == 302
    assert "new name" in client.get(SETTING_UP).text
    assert send(client, f"/account/passkeys/{row.id}/remove", SETTING_UP).status_code == 302
    assert log_in(named).get("/desk").status_code == 200 and codes
    told_of = client.get("/account/data.json").json
    assert told_of is not None and not any(each["table"] == "passkey" and each["rows"] for each in told_of["held"])


def test_what_the_hall_holds_of_me_has_my_passkeys_and_nobody_else_s(named: Flask, hall: World) -> None:
    client, maker = log_in(named), log_in(named, "maker@maker.example")
    add(client)
    add(maker, "maker's key")
    told_of = client.get("/account/data.json").json
    assert told_of is not None
    rows = [row for each in told_of["held"] if each["table"] == "passkey" for row in each["rows"]]
    hall.session.rollback()
    (row,) = passkeys_of(hall.session, hall.port_person.pk)
    assert {name: value for row in rows for name, value in row.items() if name in ("name", "public_key")} == {
        "name": "office laptop",
        "public_key": row.public_key,
    }
    assert "maker's key" not in client.get("/account/data.json").text


def test_at_an_address_without_a_name_the_page_says_why_there_are_none(app: Flask, hall: World) -> None:
    client = log_in(app)
    page = client.get(SETTING_UP, headers=EN).text
    assert "browsers make passkeys for sites with a name" in page and "data-passkey=" not in page
    for path in ("/account/passkeys/new", "/account/passkeys/ask"):
        assert send(client, path, "/account").status_code == 404


def test_half_way_is_over_after_ten_minutes_and_a_question_after_five(named: Flask, hall: World) -> None:
    device, _codes = add(log_in(named))
    client = log_in(named)
    options = asked(client, "/login/passkey", "/login/code")
    with clock.at(now() + timedelta(minutes=6)):
        assert send(client, "/login/code", passkey=device.show(options)).status_code == 200
    with clock.at(now() + timedelta(minutes=11)):
        assert told(client.post("/login/passkey", data={"csrf_token": token(client, "/login")})) == LOGIN
