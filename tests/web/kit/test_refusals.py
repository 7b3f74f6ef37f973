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
