"""A person sees all that is theirs and nothing that is another's, and closes the account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.organizations.models import Account
from scenario_hall.privacy.declaration import DECLARED, By
from tests.web.conftest import token
from tests.world import PASSWORD, World

EN = {"Accept-Language": "en"}


def test_the_page_and_the_file_hold_what_is_mine_alone(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    hall.approved()
    hall.session.commit()
    mine, other = as_person("port@port.example"), as_person("maker@maker.example")
    told = mine.get("/account/data.json").json
    assert told is not None and told["account"] == hall.port_person.pk
    by_what = {each["what"]: each for each in told["held"]}
    assert len(told["held"]) == len([held for held in DECLARED if held.by is not By.OTHERS])
    text = mine.get("/account/data.json").text
    assert "port@port.example" in text and "maker@maker.example" not in text
    assert hall.port_person.password_hash not in text and "argon2" not in text
    assert all(each["rows"] == [] for each in told["held"] if "hash" in each["what"] or "sealed" in each["what"])
    assert any(each["table"] == "plan_signature" and each["rows"] for each in told["held"]), by_what
    assert "maker@maker.example" in other.get("/account/data.json").text
    page = mine.get("/account/data", headers=EN).text
    assert "What for" in page and "login_session" in page


def test_closing_takes_two_steps_and_logs_out(app: Flask, hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("maker@maker.example")
    assert "What stays" in client.get("/account/close", headers=EN).text
    sent = {"csrf_token": token(client, "/account/close")}
    assert client.post("/account/close", data=sent).status_code == 200  # not without the tick
    hall.session.rollback()
    assert hall.session.get_one(Account, hall.maker_person.pk).is_active
    assert client.post("/account/close", data={**sent, "is_sure": "y"}).status_code == 302
    assert client.get("/account").status_code == 302
    data = {"csrf_token": token(app.test_client(), "/login"), "email": "maker@maker.example", "password": PASSWORD}
    again = app.test_client()
    data["csrf_token"] = token(again, "/login")
    assert again.post("/login", data=data).status_code == 200


@pytest.mark.parametrize("path", ["/admin/retention/"])
def test_administrators_see_what_was_let_go(hall: World, as_person: Callable[[str], FlaskClient], path: str) -> None:
    page = as_person("admin@hall.example").get(path, headers=EN).text
    assert "not yet" in page and "contact_email" in page
