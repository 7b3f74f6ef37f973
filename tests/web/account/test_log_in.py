"""The device that somebody has logged in on before stays open to them, whoever guesses elsewhere."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import token
from tests.world import PASSWORD, World


def log_in(client: FlaskClient, password: str, *, email: str = "port@port.example") -> int:
    sent = {"csrf_token": token(client, "/login"), "email": email, "password": password}
    return client.post("/login", data=sent).status_code


def test_a_device_that_was_used_before_is_not_locked_by_its_neighbours(app: Flask, hall: World) -> None:
    mine, guessing = app.test_client(), app.test_client()
    assert log_in(mine, PASSWORD) == 302
    mine.post("/logout", data={"csrf_token": token(mine, "/account")})
    assert [log_in(guessing, "wrong") for _ in range(11)] == [200] * 10 + [429]
    assert log_in(app.test_client(), PASSWORD) == 429  # from the same network
    assert log_in(mine, PASSWORD) == 302


def test_a_device_is_known_for_its_own_people_alone_and_cannot_be_made_up(app: Flask, hall: World) -> None:
    other, forged = app.test_client(), app.test_client()
    assert log_in(other, PASSWORD, email="maker@maker.example") == 302
    other.post("/logout", data={"csrf_token": token(other, "/account")})
    forged.set_cookie("known_device", '[[2,"x"]]')
    for _ in range(11):
        log_in(app.test_client(), "wrong")
    assert log_in(other, PASSWORD) == 429 and log_in(forged, PASSWORD) == 429


def test_a_session_that_was_taken_over_does_not_guess_the_password(app: Flask, hall: World) -> None:
    client = app.test_client()
    log_in(client, PASSWORD)
    sent = {"csrf_token": token(client, "/account"), "current": "wrong", "password": "another good one"}
    assert [client.post("/account/password", data=sent).status_code for _ in range(12)] == [200] * 10 + [429] * 2
