"""Who came in and who was refused stands in the program's log, without what anybody typed."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.account.test_log_in import log_in
from tests.web.account.test_second_factor import log_in as entered
from tests.web.account.test_second_factor import send, set_up
from tests.web.conftest import token
from tests.world import PASSWORD, World

TYPED = "typed into the wrong field"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "scenario_hall.web.kit.refusals")

    def told() -> list[str]:
        found = [each.getMessage() for each in caplog.records if each.name.endswith("refusals")]
        caplog.clear()
        assert not any(secret in line for line in found for secret in (PASSWORD, TYPED, "port.example"))
        return found

    return told


def test_each_log_in_and_each_refused_one_is_a_line(app: Flask, hall: World, lines: Callable[[], list[str]]) -> None:
    number = hall.port_person.pk
    log_in(app.test_client(), TYPED)
    log_in(app.test_client(), TYPED, email=f"{TYPED}@port.example")
    assert lines() == ["log-in refused: account - by password, from 127.0.0.0/24"] * 2
    client = app.test_client()
    log_in(client, PASSWORD)
    assert lines() == [f"log-in: account {number} by password, from 127.0.0.0/24"]
    _phone, codes = set_up(client)
    half_way = entered(app)
    lines()
    send(half_way, "/login/code", code=TYPED)
    send(half_way, "/login/code", code=codes[0])
    assert lines() == [
        f"log-in refused: account {number} by password and code, from 127.0.0.0/24",
        f"log-in: account {number} by password and code, from 127.0.0.0/24",
    ]


def test_what_is_denied_and_what_is_tried_too_often_is_a_line(
    app: Flask,
    hall: World,
    as_person: Callable[[str], FlaskClient],
    places: dict[str, str],
    lines: Callable[[], list[str]],
) -> None:
    client = as_person("port@port.example")
    lines()
    path = f"/organizations/{places['port']}/suspend"
    client.post(path, data={"csrf_token": token(client, "/account"), "reason": TYPED})
    (line,) = lines()
    assert line.startswith("refused, 403: POST /organizations/<int:organization_id>/<action>, account ")
    for _ in range(11):
        log_in(app.test_client(), TYPED)
    assert lines()[-1] == "refused, 429: POST /login, account -, from 127.0.0.0/24"
    client.get("/nothing")
    assert lines() == []


def test_input_that_is_refused_is_a_line_with_the_names_of_its_fields_alone(
    app: Flask, hall: World, as_person: Callable[[str], FlaskClient], lines: Callable[[], list[str]]
) -> None:
    visitor = app.test_client()
    sent = {
        "csrf_token": token(visitor, "/register"),
        "email": "new@x.example",
        "name": f"{TYPED}\r\n{TYPED}",
        "password": "short",
    }
    visitor.post("/register", data=sent)
    visitor.post("/register", data=sent | {"name": TYPED})
    assert lines() == [
        "input refused: POST /register, fields name, account -, from 127.0.0.0/24",
        "input refused: POST /register, fields password, account -, from 127.0.0.0/24",
    ]
    client = as_person("port@port.example")
    lines()
    client.post(
        "/account/password", data={"csrf_token": token(client, "/account"), "current": TYPED, "password": TYPED}
    )
    assert lines() == [
        f"input refused: POST /account/password, fields current, account {hall.port_person.pk}, from 127.0.0.0/24"
    ]


def test_what_no_form_sends_and_what_is_out_of_turn_is_a_line(
    app: Flask, hall: World, as_person: Callable[[str], FlaskClient], lines: Callable[[], list[str]]
) -> None:
    client, visitor = as_person("port@port.example"), app.test_client()
    draft = hall.submitted_scenario()
    hall.session.commit()
    lines()
    visitor.post("/login", data={"email": TYPED})  # without the form's token
    visitor.get("/search?q=%00")
    visitor.post("/about")
    client.post(f"/scenarios/{draft.code}/submit", data={"csrf_token": token(client, "/account")})
    assert [line.split(",")[0] + line.split(":")[1].split(",")[0] for line in lines()] == [
        "refused POST /login", "refused GET /search", "refused POST -", "refused POST /scenarios/<code>/submit",
    ]  # fmt: skip


def test_what_a_program_is_refused_is_a_line(app: Flask, hall: World, lines: Callable[[], list[str]]) -> None:
    program = app.test_client()
    assert program.post("/api/v1/scenarios", json={"title": TYPED}).status_code == 401
    assert program.get("/api/v1/scenarios?limit=x").status_code == 422
    assert lines() == [
        "refused, 401: POST /api/v1/scenarios, account -, from 127.0.0.0/24",
        "refused, 422: GET /api/v1/scenarios, account -, from 127.0.0.0/24",
    ]
