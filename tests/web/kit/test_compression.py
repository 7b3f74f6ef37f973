"""Pages go compressed, but none from which somebody could learn a secret by its length."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import token
from tests.world import World

BOTH = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("path", ["/", "/search?q=drone", "/feed.atom", "/about", "/login?next=/desk"])
def test_a_visitors_page_goes_compressed_and_is_the_page(visitor: FlaskClient, hall: World, path: str) -> None:
    hall.released_scenario()
    by_brotli = visitor.get(path, headers=BOTH)
    assert by_brotli.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in by_brotli.headers["Vary"] and "Cookie" in by_brotli.headers["Vary"]
    by_gzip = visitor.application.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert by_gzip.headers["Content-Encoding"] == "gzip"
    assert b"<title>" in brotli.decompress(by_brotli.data)
    assert b"<title>" in gzip.decompress(by_gzip.data)
    assert len(by_brotli.data) * 2 < len(brotli.decompress(by_brotli.data))


def test_a_known_persons_page_goes_compressed_where_nobody_chose_a_word_of_it(
    hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person("port@port.example")
    for path in ("/", "/desk", "/scenarios/"):
        assert client.get(path, headers=BOTH).headers["Content-Encoding"] == "br", path


def test_nothing_that_reflects_words_beside_a_secret_goes_compressed(
    app: Flask, visitor: FlaskClient, hall: World, as_person: Callable[[str], FlaskClient]
) -> None:
    known = as_person("port@port.example")
    begun = app.test_client()  # a visitor whose session has begun with a form
    form = {"csrf_token": token(begun, "/login"), "email": "guess", "password": "guess"}
    answers = [
        known.get("/search?q=guess", headers=BOTH),
        known.get("/guess", headers=BOTH),
        known.get("/scenarios/?q=guess", headers=BOTH),
        known.post("/account/password", data={"csrf_token": token(known, "/account"), "old": "guess"}, headers=BOTH),
        begun.get("/login?next=/guess", headers=BOTH),
        begun.post("/login", data=form, headers=BOTH),
    ]
    for answer in answers:
        assert "Content-Encoding" not in answer.headers, answer.request.path
        assert "csrf_token" in answer.text, answer.request.path


def test_a_stream_goes_as_it_is_told(visitor: FlaskClient, hall: World) -> None:
    with visitor.get("/live", headers=BOTH, buffered=False) as answer:
        assert "Content-Encoding" not in answer.headers
