"""Acts of weight ask once more who is there, on every route that says so; what was sent is not lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from scenario_hall.config import Settings
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.log.chain import last_id
from scenario_hall.log.words import EventWord
from scenario_hall.organizations.second_factor import SecondFactor, begin_enrolment
from scenario_hall.organizations.sessions import PROVEN_FOR
from tests.web.account.test_second_factor import log_in, set_up
from tests.web.conftest import token
from tests.world import PASSWORD, World

EN = {"Accept-Language": "en"}
ADMIN = "admin@hall.example"
# Each act of weight: its endpoint, its action, an address at which the administrator may do it, and what it needs.
ACTS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "approve a first": ("outcomes.act", "approve", "/outcomes/{ended}/approve", {}),
    "revoke a certificate": ("outcomes.act", "revoke", "/outcomes/{approved}/revoke", {"reason": "wrong & “measured”"}),
    "promote": ("admin.change_account", "promote", "/admin/accounts/{person}/promote", {}),
    "demote": ("admin.change_account", "demote", "/admin/accounts/{second}/demote", {}),
    "reset another's second factor": (
        "admin.change_account",
        "reset-second-factor",
        "/admin/accounts/{protected}/reset-second-factor",
        {},
    ),
    "erase words of the log": ("retention.erase_words", "", "/admin/retention/words/{line}", {}),
    "set up a second factor": ("second_factor.begin", "", "/account/second-factor/begin", {}),
    "make recovery codes": ("second_factor.make_codes", "", "/account/second-factor/codes", {}),
    "make a token": (
        "tokens.show",
        "",
        "/account/tokens",
        {"name": "city platform", "scopes": "review", "organization": "", "days": "30"},
    ),
    "close the account": ("my_data.close", "", "/account/close", {}),
    "add a passkey": ("passkeys.add", "", "/account/passkeys", {"name": "laptop", "answer": "{}"}),
    "remove a passkey": ("passkeys.remove", "", "/account/passkeys/9999/remove", {}),
    "end a session elsewhere": ("sessions.end", "", "/account/sessions/9999/end", {}),
    "end all other sessions": ("sessions.end_others", "", "/account/sessions/others/end", {}),
    "remove a second factor": ("second_factor.remove", "", "/account/second-factor/remove", {}),
}


# What the administrator of these tests has nothing for, or what leaves no log to look at.
WITHOUT_CHANGE = frozenset(
    {"make recovery codes", "remove a second factor", "set up a second factor", "close the account"}
    | {"add a passkey", "remove a passkey", "end a session elsewhere", "end all other sessions"}
)


def test_every_route_that_asks_again_has_its_case_here(app: Flask) -> None:
    declared = {
        (endpoint, action) for endpoint, view in app.view_functions.items() for action in getattr(view, "steps_up", ())
    }
    assert declared == {(endpoint, action) for endpoint, action, _path, _sent in ACTS.values()}


@pytest.fixture
def addresses(hall: World, places: dict[str, str], hall_settings: Settings) -> dict[str, str]:
    second = hall.make_administrator("second@hall.example")
    protected = hall.maker_person
    begin_enrolment(hall.session, protected, hall_settings.secret_key)
    row = hall.session.get_one(SecondFactor, protected.pk)
    row.confirmed_at = now()
    hall.session.add(row)
    hall.session.commit()
    ended = hall.on_notice(hall.accepted(hall.released_scenario(), hall.listed_product()))
    return {
        **places,
        "ended": ended.code,
        "person": str(hall.port_person.pk),
        "second": str(second.pk),
        "protected": str(protected.pk),
        "line": str(hall.session.exec(select(EventWord.event_id).limit(1)).one()),
    }


def carried(page: str) -> dict[str, str]:
    """What the page would send again, but for its own field."""
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.split("<main")[1])
    names = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in hidden]
    return {unescape(name[1]): unescape(value[1]) for name, value in names if name and value}


@pytest.mark.parametrize("act", ACTS)
def test_after_ten_minutes_it_asks_and_does_nothing_until_it_is_told(
    act: str, hall: World, as_person: Callable[[str], FlaskClient], addresses: dict[str, str]
) -> None:
    _endpoint, _action, path, sent = ACTS[act]
    path, admin = path.format(**addresses), as_person(ADMIN)
    with clock.at(now() + PROVEN_FOR + timedelta(seconds=1)):
        hall.session.rollback()
        before = last_id(hall.session)
        asked = admin.post(path, data={"csrf_token": token(admin, "/account"), **sent}, headers=EN)
        assert asked.status_code == 403 and "Is it you?" in asked.text
        again = carried(asked.text)
        assert {name: again.get(name) for name in sent} == sent
        wrong = admin.post(path, data={**again, "current": "not the password"}, headers=EN)
        assert wrong.status_code == 403 and "not your current password" in wrong.text
        assert "not the password" not in wrong.text
        hall.session.rollback()
        assert last_id(hall.session) == before
        done = admin.post(path, data={**carried(wrong.text), "current": PASSWORD}, headers=EN)
        assert "Is it you?" not in done.text and done.status_code != 403
        if act not in WITHOUT_CHANGE:
            hall.session.rollback()
            shown = 200 if act == "make a token" else 302  # the one page that shows it
            assert done.status_code == shown and last_id(hall.session) > before
        # And then not again for ten minutes.
        once_more = admin.post(path, data={"csrf_token": token(admin, "/account"), **sent}, headers=EN)
        assert "Is it you?" not in once_more.text


def test_right_after_the_log_in_it_does_not_ask(
    hall: World, as_person: Callable[[str], FlaskClient], addresses: dict[str, str]
) -> None:
    admin = as_person(ADMIN)
    path = f"/admin/accounts/{addresses['person']}/promote"
    assert admin.post(path, data={"csrf_token": token(admin, "/account")}).status_code == 302


@pytest.mark.parametrize("remember", ["", "y"])
def test_whoever_has_shown_it_goes_on_with_a_new_secret_and_a_copy_of_the_old_one_ends(
    app: Flask, hall: World, addresses: dict[str, str], remember: str
) -> None:
    client, copies = log_in(app, ADMIN, **({"remember": remember} if remember else {})), []
    for name in ("session", "remember_token") if remember else ("session",):
        cookie, copy = client.get_cookie(name), app.test_client()
        assert cookie is not None
        copy.set_cookie(name, cookie.value)
        copies.append(copy)
    shown_at = now() + 2 * PROVEN_FOR
    with clock.at(shown_at):
        sent = {"csrf_token": token(client, "/account"), "current": PASSWORD}
        assert client.post(f"/admin/accounts/{addresses['person']}/promote", data=sent).status_code == 302
    with clock.at(shown_at + timedelta(seconds=61)):
        assert [copy.get("/account").status_code for copy in copies] == [302] * len(copies)
        assert client.get("/account").status_code == 200
        client.delete_cookie("session")
        assert client.get("/account").status_code == (200 if remember else 302)


def test_what_carries_no_weight_does_not_ask(
    hall: World, as_person: Callable[[str], FlaskClient], addresses: dict[str, str]
) -> None:
    admin = as_person(ADMIN)
    with clock.at(now() + 2 * PROVEN_FOR):
        path = f"/admin/accounts/{addresses['person']}/close"
        sent = {"csrf_token": token(admin, "/account"), "reason": "left"}
        assert admin.post(path, data=sent).status_code == 302


def test_who_has_a_second_factor_shows_that_and_guesses_as_little(
    app: Flask, hall: World, as_person: Callable[[str], FlaskClient], addresses: dict[str, str]
) -> None:
    admin = as_person(ADMIN)
    phone, _codes = set_up(admin)
    path = f"/admin/accounts/{addresses['person']}/promote"
    with clock.at(now() + 2 * PROVEN_FOR):
        sent = {"csrf_token": token(admin, "/account")}
        page = admin.post(path, data=sent, headers=EN).text
        assert "Code of your second factor" in page and 'name="current"' not in page
        assert (
            admin.post(path, data={**sent, "current": PASSWORD}).status_code == 403
        )  # the password alone is not enough
        assert admin.post(path, data={**sent, "code": phone.at(now())}).status_code == 302
    with clock.at(now() + 4 * PROVEN_FOR):
        sent = {"csrf_token": token(admin, "/account"), "code": "000000"}
        assert [admin.post(path, data=sent).status_code for _ in range(11)] == [403] * 10 + [429]
