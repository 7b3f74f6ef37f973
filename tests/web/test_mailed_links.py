"""Looking at a mailed link does nothing: mail programs and scanners open links before people do (OWASP ASVS 5.0,
3.5.3). What it is for is done by the post of its page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.models import Rhythm, Watch
from scenario_hall.alerts.service import save_search
from scenario_hall.notices.tokens import (
    CONFIRM_EMAIL,
    INVITATION,
    LIFETIMES,
    MAILBOX,
    RESET_PASSWORD,
    STOP_LETTERS,
    STOP_MAILBOX,
    STOP_NOTICES,
    make_token,
)
from scenario_hall.organizations.accounts import find_account
from scenario_hall.organizations.mailboxes import set_mailbox
from scenario_hall.taxonomy.service import load_taxonomy
from tests.web.conftest import token
from tests.web.organizations.test_invitations import send, the_open_one
from tests.world import PASSWORD, World

# Where the letters of each purpose lead, and what is typed on the page.
PAGES = {
    CONFIRM_EMAIL: ("/register/confirm/", {}),
    RESET_PASSWORD: ("/password/reset/", {"password": "quite another sentence"}),
    INVITATION: ("/invitations/", {"name": "Wu", "password": PASSWORD}),
    STOP_LETTERS: ("/searches/stop/", {}),
    STOP_NOTICES: ("/notices/stop/", {}),
    MAILBOX: ("/organizations/mailbox/", {}),
    STOP_MAILBOX: ("/organizations/mailbox/stop/", {}),
}
# What a mail program sends by one click (RFC 8058), without the form's token.
ONE_CLICK = (STOP_LETTERS, STOP_NOTICES, STOP_MAILBOX)
EMAIL = "new@port.example"


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


@pytest.fixture
def link(hall: World, app: Flask, as_person: Callable[[str], FlaskClient], purpose: str) -> str:
    """The link of a letter, as its receiver gets it."""
    if purpose == INVITATION:
        send(as_person("port@port.example"), f"/organizations/{hall.port.pk}/invitations", EMAIL, role="viewer")
        invitation = the_open_one(hall)
        values: tuple[int | str, ...] = (invitation.pk, invitation.number)
    elif purpose == STOP_LETTERS:
        watched = save_search(
            hall.admin,
            session=hall.session,
            taxonomy=load_taxonomy(hall.session),
            name="x",
            watch=Watch.SEARCH,
            rhythm=Rhythm.DAILY,
            asked=AskedSearch(q="无人机"),
        )
        values = (watched.account_id, watched.pk)
    elif purpose in (MAILBOX, STOP_MAILBOX):
        mailbox = set_mailbox(
            hall.demand, session=hall.session, organization=hall.port, email="office@port.example", locale="en"
        )
        values = (mailbox.organization_id, mailbox.number)
    elif purpose == STOP_NOTICES:
        values = (hall.port_person.pk, "message")
    else:
        person = hall.person(EMAIL, is_confirmed=False)
        values = (person.pk, EMAIL if purpose == CONFIRM_EMAIL else person.session_generation)
    hall.session.commit()
    return PAGES[purpose][0] + make_token(app.secret_key or "", purpose, *values)


def test_every_purpose_and_every_page_with_a_token_is_walked(app: Flask) -> None:
    assert set(PAGES) == set(LIFETIMES)
    pages = {rule.rule.partition("<")[0] for rule in app.url_map.iter_rules() if "token" in rule.arguments}
    assert pages == {path for path, _ in PAGES.values()}


@pytest.mark.parametrize("purpose", PAGES)
def test_a_program_that_looks_at_the_link_changes_nothing_and_the_button_does(
    app: Flask, hall: World, sqlite_engine: Engine, purpose: str, link: str
) -> None:
    before, scanner = everything(sqlite_engine), app.test_client()
    for method in ("GET", "HEAD", "GET"):
        assert scanner.open(link, method=method).status_code == 200
    assert everything(sqlite_engine) == before
    person = app.test_client()
    sent = {"csrf_token": token(person, link), **PAGES[purpose][1]} if purpose not in ONE_CLICK else {}
    assert person.post(link, data=sent).status_code in (200, 302)
    assert everything(sqlite_engine) != before


def test_the_button_confirms_the_address_that_the_page_names(app: Flask, hall: World) -> None:
    person = hall.person(EMAIL, is_confirmed=False)
    link = "/register/confirm/" + make_token(app.secret_key or "", CONFIRM_EMAIL, person.pk, EMAIL)
    client = app.test_client()
    page = client.get(link, headers={"Accept-Language": "en"}).text
    assert EMAIL in page and "Confirm this address" in page
    answer = client.post(link, data={"csrf_token": token(client, link)})
    assert re.match(r"/login\?next=", answer.location)
    hall.session.rollback()
    confirmed = find_account(hall.session, EMAIL)
    assert confirmed is not None and confirmed.email_confirmed_at is not None
