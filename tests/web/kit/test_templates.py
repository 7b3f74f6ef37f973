"""A fault of a form is told where it is, to who sees the page and to who hears it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import token
from tests.world import World


class Parts(HTMLParser):
    """The attributes of all parts of a page that have any."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(dict(attrs))


def faulty_fields(page: str) -> list[str]:
    """The names of fields that are marked as wrong, each tied to an error that is on the page."""
    parts = Parts(page).found
    ids = {part["id"] for part in parts if part.get("id")}
    faulty = [part for part in parts if part.get("aria-invalid") == "true"]
    for part in faulty:
        assert f"{part.get('aria-describedby')}".split()[-1].endswith("-error"), part
    for part in parts:
        assert set(f"{part.get('aria-describedby') or ''}".split()) <= ids, part
    return [str(part["name"]) for part in faulty]


@pytest.mark.parametrize("tag,word", [("en", "Error:"), ("zh-Hans", "出错："), ("zh-Hant", "出錯："), ("pt", "Erro:")])
def test_a_form_with_a_fault_says_so_in_its_title_and_at_the_field(
    visitor: FlaskClient, hall: World, tag: str, word: str
) -> None:
    whole = visitor.get(f"/register?lang={tag}").text
    assert word not in whole and faulty_fields(whole) == []
    typed = {"csrf_token": token(visitor, "/register"), "name": "Ada", "email": "", "password": ""}
    page = visitor.post(f"/register?lang={tag}", data=typed).text
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title is not None and title[1].strip().startswith(word)
    assert faulty_fields(page) == ["email", "password"]


def test_a_fault_in_a_repeated_line_is_tied_to_its_field(hall: World, as_person: Callable[[str], FlaskClient]) -> None:
    client, draft = as_person("port@port.example"), hall.draft_scenario()
    path = f"/scenarios/{draft.code}/edit/requirements"
    typed = {
        "csrf_token": token(client, path),
        "requirements-0-metric": "续航时间",
        "requirements-0-comparison": "at_least",
        "requirements-0-value": "sixty",
        "requirements-0-necessity": "must",
        "requirements-1-metric": "航程",
        "requirements-1-comparison": "at_least",
        "requirements-1-value": "20",
        "requirements-1-unit": "km",
        "requirements-1-necessity": "must",
    }
    page = client.post(path, data=typed, headers={"Accept-Language": "en"}).text
    assert faulty_fields(page) == ["requirements-0-value"]
    assert "Error:" in page.split("</title>")[0]
