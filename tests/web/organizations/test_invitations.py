"""The letter's link: a page that says who invites to what, and a new account or a log-in that joins."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.config import Settings
from scenario_hall.notices.tokens import INVITATION, make_token
from scenario_hall.organizations.accounts import find_account
from scenario_hall.organizations.invitations import Invitation, open_invitations
from tests.web.conftest import token
from tests.world import PASSWORD, World

EN = {"Accept-Language": "en"}
NEW = "new.colleague@port.example"


def send(client: FlaskClient, path: str, email: str, **more: str) -> str:
    sent = {"csrf_token": token(client, path), "email": email, "locale": "en", **more}
    answer = client.post(path, data=sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def link_of(settings: Settings, invitation: Invitation) -> str:
    return "/invitations/" + make_token(settings.secret_key, INVITATION, invitation.pk, invitation.number)


def the_open_one(hall: World) -> Invitation:
    hall.session.rollback()
    (found,) = open_invitations(hall.session, hall.port)
    return found


def test_a_colleague_without_an_account_registers_and_is_a_member(
    hall: World,
    app: Flask,
    as_person: Callable[[str], FlaskClient],
    hall_settings: Settings,
    follow: Callable[[], None],
) -> None:
    owner = as_person("port@port.example")
    send(owner, f"/organizations/{hall.port.pk}/invitations", NEW, role="viewer")
    assert NEW in owner.get(f"/organizations/{hall.port.pk}").text
    follow()
    (letter,) = [path for path in hall_settings.outbox.glob("*.eml") if NEW in path.read_text()]
    assert "Subject:" in letter.read_text()
    link, stranger = link_of(hall_settings, the_open_one(hall)), app.test_client()
    page = stranger.get(link, headers=EN).text
    assert hall.port.name in page and "Viewer" in page and NEW in page
    weak = stranger.post(
        link, data={"csrf_token": token(stranger, link), "name": "Wu", "password": "short"}, headers=EN
    )
    assert "Use at least 10 characters" in weak.text
    answer = stranger.post(link, data={"csrf_token": token(stranger, link), "name": "Wu", "password": PASSWORD})
    assert answer.location == f"/organizations/{hall.port.pk}"
    assert "Wu" in stranger.get(answer.location).text
    hall.session.rollback()
    person = find_account(hall.session, NEW)
    assert person is not None and person.email_confirmed_at is not None
    assert app.test_client().get(link).status_code == 404


def test_who_has_an_account_logs_in_and_accepts_by_one_press(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient], hall_settings: Settings
) -> None:
    hall.person(NEW)
    owner = as_person("port@port.example")
    send(owner, f"/organizations/{hall.port.pk}/invitations", NEW, role="editor")
    link = link_of(hall_settings, the_open_one(hall))
    visitor = app.test_client()
    taken = visitor.post(link, data={"csrf_token": token(visitor, link), "name": "X", "password": PASSWORD}, headers=EN)
    assert "An account with this address already exists" in taken.text
    assert f"/login?next={link}" in visitor.get(link).text.replace("%2F", "/")
    wrong = as_person("maker@maker.example")
    assert "was sent to another address" in wrong.get(link, headers=EN).text
    wrong.post(link, data={"csrf_token": token(wrong, link)})
    assert the_open_one(hall).is_good
    right = as_person(NEW)
    answer = right.post(link, data={"csrf_token": token(right, link)})
    assert answer.location == f"/organizations/{hall.port.pk}"


def test_a_supplier_is_led_to_the_scenario(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient], hall_settings: Settings
) -> None:
    scenario, owner = hall.released_scenario(), as_person("port@port.example")
    page = f"/scenarios/{scenario.code}/invite"
    assert page in owner.get(f"/scenarios/{scenario.code}").text
    assert page not in as_person("maker@maker.example").get(f"/scenarios/{scenario.code}").text
    send(owner, page, "supplier@x.example")
    link, stranger = link_of(hall_settings, the_open_one(hall)), app.test_client()
    assert scenario.title in stranger.get(link, headers=EN).text
    answer = stranger.post(link, data={"csrf_token": token(stranger, link), "name": "Li", "password": PASSWORD})
    assert answer.location == f"/scenarios/{scenario.code}"


def test_an_invitation_is_sent_again_and_revoked_from_the_organisation_s_page(
    hall: World, app: Flask, as_person: Callable[[str], FlaskClient], hall_settings: Settings
) -> None:
    owner, page = as_person("port@port.example"), f"/organizations/{hall.port.pk}"
    send(owner, f"{page}/invitations", NEW, role="editor")
    row = the_open_one(hall)
    first, act = link_of(hall_settings, row), f"{page}/invitations/{row.pk}"
    owner.post(act, data={"csrf_token": token(owner, f"{page}/invitations"), "action": "resend"})
    second, visitor = link_of(hall_settings, the_open_one(hall)), app.test_client()
    assert (visitor.get(first).status_code, visitor.get(second).status_code) == (404, 200)
    owner.post(act, data={"csrf_token": token(owner, f"{page}/invitations"), "action": "revoke"})
    assert visitor.get(second).status_code == 404
    assert NEW not in owner.get(page).text
