"""The page of tokens: asked who is there, shown once, revoked with a button."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import select

from scenario_hall.core.clock import now
from scenario_hall.organizations.sessions import LoginSession
from scenario_hall.organizations.tokens import ApiToken, find_token
from tests.web.conftest import token
from tests.world import PASSWORD, World

EN = {"Accept-Language": "en"}
TEXT = re.compile(r"hall_[A-Za-z0-9_-]{43}")


def make(client: FlaskClient, hall: World, **more: str) -> str:
    sent = {
        "csrf_token": token(client, "/account/tokens"),
        "name": "city platform",
        "scopes": "write",
        "organization": str(hall.port.pk),
        "days": "30",
        **more,
    }
    return client.post("/account/tokens", data=sent, headers=EN).text


def test_a_token_is_shown_once_and_revoked(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("port@port.example")
    text = TEXT.search(make(client, hall))
    assert text is not None
    hall.session.rollback()
    assert find_token(hall.session, text[0], address="203.0.113.9") is not None
    page = client.get("/account/tokens", headers=EN).text
    assert "city platform" in page and "203.0.113.9" in page and not TEXT.search(page)
    made = hall.session.exec(select(ApiToken)).one()
    sent = {"csrf_token": token(client, "/account/tokens")}
    assert client.post(f"/account/tokens/{made.pk}/revoke", data=sent).status_code == 302
    hall.session.rollback()
    assert find_token(hall.session, text[0], address="203.0.113.9") is None
    assert "Revoked" in client.get("/account/tokens", headers=EN).text


def test_somebody_who_sits_down_at_an_open_session_is_asked_first(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person("port@port.example")
    for row in hall.session.exec(select(LoginSession)):
        row.proven_at = now() - timedelta(hours=1)
        hall.session.add(row)
    hall.session.commit()
    asked = make(client, hall)
    assert "Your password" in asked and not TEXT.search(asked)
    assert TEXT.search(make(client, hall, current=PASSWORD))


def test_what_is_wrong_is_said_beside_the_field(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("port@port.example")
    assert "Choose from 1 to 365 days." in make(client, hall, days="366")
    assert not TEXT.search(make(client, hall, name=" ")) and not TEXT.search(make(client, hall, organization="999999"))
    refused = make(client, hall, scopes="review")
    assert not TEXT.search(refused)
    hall.session.rollback()
    assert hall.session.exec(select(ApiToken)).all() == []
