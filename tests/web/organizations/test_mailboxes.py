"""A shared mailbox from the organisation's page to the letter's links, as its people and its mail program use them."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.notices.tokens import MAILBOX, STOP_MAILBOX, make_token
from scenario_hall.organizations.mailboxes import mailbox_of
from tests.web.conftest import token
from tests.web.page_forms import forms_of
from tests.world import World

EN = {"Accept-Language": "en"}


def test_it_is_entered_confirmed_by_a_button_and_stopped_by_one_click(
    hall: World,
    as_person: Callable[[str], FlaskClient],
    visitor: FlaskClient,
    database: Session,
    hall_settings: Settings,
) -> None:
    owner, key = as_person("port@port.example"), hall_settings.secret_key
    address = f"/organizations/{hall.port.pk}/mailbox"
    assert f'href="{address}"' in owner.get(f"/organizations/{hall.port.pk}").text
    sent = {"csrf_token": token(owner, address), "email": "office@port.example", "locale": "en"}
    assert owner.post(address, data=sent).status_code == 302
    assert "its link was not opened yet" in owner.get(address, headers=EN).text
    row = mailbox_of(database, hall.port)
    assert row is not None and row.confirmed_at is None
    link = "/organizations/mailbox/" + make_token(key, MAILBOX, hall.port.pk, row.number)
    assert visitor.get(link).status_code == 200
    database.rollback()
    row = mailbox_of(database, hall.port)
    assert row is not None and row.confirmed_at is None  # to look at a link confirms nothing
    (form,) = (each for each in forms_of(visitor.get(link).text) if "csrf_token" in each.sent and not each.action)
    assert "come here from now on" in visitor.post(link, data=form.sent, headers=EN).text
    assert "Letters go to office@port.example." in owner.get(address, headers=EN).text
    stop = "/organizations/mailbox/stop/" + make_token(key, STOP_MAILBOX, hall.port.pk, row.number)
    assert "Stop the letters" in visitor.get(stop, headers=EN).text
    answer = visitor.post(stop, data={"List-Unsubscribe": "One-Click"}, headers=EN)
    assert "No more letters go to this mailbox." in answer.text
    database.rollback()
    assert mailbox_of(database, hall.port) is None
    again = {"csrf_token": token(visitor, "/login")}
    assert visitor.post(link, data=again).status_code == 404
    assert visitor.post(stop).status_code == 200


def test_it_is_removed_on_the_page_and_what_is_no_address_is_said(
    hall: World, as_person: Callable[[str], FlaskClient], database: Session
) -> None:
    owner = as_person("port@port.example")
    address = f"/organizations/{hall.port.pk}/mailbox"
    sent = {"csrf_token": token(owner, address), "locale": "en"}
    for wrong in ("", "office", "a@b", "x" * 300 + "@port.example", "a@port.example\nBcc: b@port.example"):
        assert owner.post(address, data={**sent, "email": wrong}).status_code == 200, wrong
    assert mailbox_of(database, hall.port) is None
    owner.post(address, data={**sent, "email": "office@port.example"})
    database.rollback()
    assert mailbox_of(database, hall.port) is not None
    assert owner.post(address, data={**sent, "remove": "1"}).status_code == 302
    database.rollback()
    assert mailbox_of(database, hall.port) is None


def test_a_member_says_that_they_are_away_and_who_is_the_deputy(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    owner = as_person("port@port.example")
    page = owner.get("/notices/absence", headers=EN).text
    assert "Nobody in particular" in page and "Nobody: whoever may decide" not in page
    sent = {"csrf_token": token(owner, "/notices/absence"), "until": "2999-01-01", "stand_in": ""}
    assert "at most a year ahead" in owner.post("/notices/absence", data=sent, headers=EN).text
    administrator = as_person("admin@hall.example")
    assert "Nobody: whoever may decide" in administrator.get("/notices/absence", headers=EN).text
