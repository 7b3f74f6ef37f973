"""Every link that a page shows to somebody leads somewhere for that person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS

EN = {"Accept-Language": "en"}
# Each is another page in the list of one, or not a page at all.
LEFT_OUT = ("/static/", "/bootstrap/", "/live", "/search?", "/outcomes?", "/scenarios/?", "/products/?")


class Doors(HTMLParser):
    """The addresses of a page's links, and of its forms that only ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.found.append(has.get("href", ""))
        elif tag == "form" and has.get("method", "get").lower() == "get":
            self.found.append(has.get("action", ""))


def doors_of(page: str) -> Iterator[str]:
    reader = Doors()
    reader.feed(page)
    for address in reader.found:
        path = address.partition("#")[0]
        is_upload = path.startswith("/files/") and not path.endswith("/remove")  # the test's rows have no bytes
        if path.startswith("/") and not path.startswith(LEFT_OUT) and not is_upload:
            yield path


@pytest.mark.parametrize("role", ROLES)
def test_every_door_that_is_shown_opens(
    role: str,
    visitor: FlaskClient,
    as_person: Callable[[str], FlaskClient],
    places: dict[str, str],
    follow: Callable[[], None],
) -> None:
    follow()
    client = visitor if role == "visitor" else as_person(EMAILS[role])
    shown: dict[str, str] = {}
    for pattern, row in TABLE.items():
        if row[ROLES.index(role)] == OK and "?" not in pattern and pattern != "/admin/components/":  # samples
            page = client.get(pattern.format(**places), headers=EN)
            if page.mimetype == "text/html":
                shown |= {door: pattern for door in doors_of(page.text) if door not in shown}
    refused = []
    for door, pattern in shown.items():
        answer = client.get(door, headers=EN)
        if role == "visitor" and answer.status_code == 302 and answer.location.startswith("/login"):
            continue  # the door says that one has to log in
        said = client.get(answer.location, headers=EN).text if answer.status_code in (301, 302, 303) else ""
        if answer.status_code >= 400 or 'class="alert' in said:
            refused.append(f"{pattern} → {door}: {answer.status_code}")
    assert not refused, "\n".join(refused)
    assert len(shown) > 25
