"""A person sees all that is theirs and nothing that is another's, and closes the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scenario_hall.organizations.consents import PURPOSES
from scenario_hall.organizations.models import Account
from scenario_hall.privacy.declaration import DECLARED, By
from tests.web.conftest import token
from tests.web.page_forms import PageForm, forms_of
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
    assert "What for" in page and "Where you are logged in: browser and network" in page


def test_a_consent_is_given_and_taken_back_by_one_press_of_the_same_form(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person("port@port.example")

    def forms() -> list[PageForm]:
        return [each for each in forms_of(client.get("/account/data").text) if each.action == "/account/consents"]

    def held() -> dict[str, Any]:
        return client.get("/account/data.json").json or {}

    def told() -> list[tuple[str, int, bool]]:
        return [(each["purpose"], each["version"], each["is_given"]) for each in held()["consents"]]

    assert len(forms()) == len(told()) == len(PURPOSES) and not any(is_given for *_, is_given in told())
    for said, expected, word in (("yes", True, "Given"), ("no", False, "Consent taken back")):
        answer = client.post("/account/consents", data={**forms()[1].sent, "said": said})
        assert answer.location == "/account/data#consents"
        assert [is_given for *_, is_given in told()] == [False, expected, False]
        page = client.get("/account/data", headers=EN).text
        assert word in page and f'name="said" value="{"no" if expected else "yes"}"' in page
    (row,) = next(each["rows"] for each in held()["held"] if each["table"] == "consent")
    assert row["purpose"] == told()[1][0] and row["given_at"] and row["withdrawn_at"]


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
