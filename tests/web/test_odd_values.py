"""No value from outside ends as an error of the hall: every route, query and form against values that nobody types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from io import BytesIO
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.access_table import OK, POSTS, ROLES, STREAMS, TABLE
from tests.web.conftest import EMAILS, token

SOURCES = Path(__file__).parents[2] / "scenario_hall" / "web"
LONG = "9" * 5000
# As they stand in an address; what is no UTF-8 too.
ODD = [
    *("%C2%B2", "%E2%91%A0", "%D9%A3", LONG, "9223372036854775807", "9223372036854775808", "-1", "0", "1e400", "1.5"),
    *("inf", "nan", "sNaN", "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "%00", "a%00b"),
    *(
        "%ED%A0%BD",
        "%FF",
        "%5B",
        "%5B" * 3000,
        "%7B",
        "//evil.example",
        "https:%5C%5Cevil.example",
        "javascript:alert(1)",
    ),
    *(
        "/%09/[",
        "http://[",
        "../../etc/passwd",
        "%F0%9F%92%A5",
        "%0D%0AX-Odd:%20y",
        "%25s%20%25(x)s%20%7B0%7D",
        "%E2%80%AE",
        "",
        "%20",
    ),
]
# Names that mean something to the router that builds addresses.
RESERVED = ("endpoint", "_external", "_scheme", "_anchor", "_method", "values", "self", "app", "lang", "page", "code")


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: their address, and each field with the value that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = given.get("method", "").lower() == "post"
            self._fields = {} if is_post else None
            if self._fields is not None:
                self.found.append((given.get("action", ""), self._fields))
        if self._fields is None:
            return
        if tag == "select":
            self._select = given.get("name", "")
            self._fields.setdefault(self._select, "")
        elif tag == "option" and "selected" in given and self._select:
            self._fields[self._select] = given.get("value", "")
        elif tag in ("input", "textarea", "button") and given.get("name"):
            self._fields.setdefault(given["name"], given.get("value", ""))


def queries() -> list[str]:
    """Every name that the pages read from an address."""
    read = re.compile(r"""(?:args\.get(?:list)?|_number|_day|whole_argument|values\.get)\(\s*["'](\w+)["']""")
    return sorted({name for path in SOURCES.rglob("*.py") for name in read.findall(path.read_text("utf-8"))})


@pytest.mark.usefixtures("hall")
def test_an_odd_value_in_an_address_is_answered(app: Flask, as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person(EMAILS["administrator"])
    broken = []
    for number, rule in enumerate(app.url_map.iter_rules()):
        if not rule.arguments or rule.endpoint.endswith("static"):
            continue
        for value in ODD[number % 3 :: 3]:  # a third each; `make soak` sends all of them and more
            path = re.sub(r"<[^>]+>", lambda _match, value=value: value or "x", rule.rule)  # type: ignore[misc]
            if "GET" in (rule.methods or ()) and client.get(path).status_code >= 500:
                broken.append(f"GET {path[:100]}")
    assert broken == []


def test_an_odd_value_in_a_query_is_answered(
    visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    administrator = as_person(EMAILS["administrator"])
    names = sorted({*queries(), *RESERVED})
    assert len(names) > 20
    broken = []
    values = cycle(ODD)
    for path, expected in TABLE.items():
        for client, answer in ((visitor, expected[0]), (administrator, expected[-1])):
            if answer != OK:
                continue
            for value in (next(values),):  # all names at once
                query = "&".join(f"{name}={value}" for name in names)
                if client.get(f"{path.format(**places)}?{query}").status_code >= 500:
                    broken.append(f"{path}?*={value[:40]}")
    for path in ("/search", "/outcomes", "/admin/log", "/admin/accounts", "/login", "/scenarios/", "/live/lines"):
        for name in names:
            for value in (next(values), next(values)):
                if administrator.get(f"{path}?{name}={value}").status_code >= 500:
                    broken.append(f"{path}?{name}={value[:40]}")
    assert broken == []


def test_a_query_never_leads_off_the_page(visitor: FlaskClient, places: dict[str, str]) -> None:
    for name in RESERVED:
        for path in ("/search", "/outcomes", "/products/", f"/certificates/{places['certificate']}"):
            text = visitor.get(f"{path}?q=a&{name}=javascript:x").text
            assert 'href="javascript:' not in text, (path, name)
            assert "#javascript" not in text, (path, name)


def no_texts(client: FlaskClient, target: str, fields: Iterable[str]) -> list[str]:
    """Send the form with a file in each field, and as JSON of other things than texts: which of them is an error."""
    files = {name: (BytesIO(b"\xff\r\nx"), f"{name}.txt") for name in fields}
    others = dict(zip(fields, cycle([1, None, [[]], {"a": 1.5}, True])))
    answers = {
        "with files": client.post(target, data=files, content_type="multipart/form-data"),
        "as JSON": client.post(target, json=others),
        "as a list": client.post(target, json=[1, [2, 3], None]),
    }
    return [how for how, answer in answers.items() if answer.status_code >= 500]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "unconfirmed"])
def test_an_odd_value_in_a_form_is_answered(
    role: str, app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    """Each form of every page: each of its fields with odd values while the others are as shown."""
    client = visitor if role == "visitor" else as_person(EMAILS[role])
    app.config["WTF_CSRF_ENABLED"] = False
    sent: set[tuple[str, str]] = set()
    broken = []
    values = cycle(ODD)
    for path, expected in TABLE.items():
        if expected[ROLES.index(role)] != OK or path == "/healthz":
            continue
        page = path.format(**places)
        forms, answer = Forms(), client.get(page)
        if answer.mimetype == "text/html":
            forms.feed(answer.text)
        for action, fields in forms.found:
            target = action or page
            if target == "/logout":
                continue
            for name in fields:
                if (target, name) in sent:
                    continue
                sent.add((target, name))
                for value in (next(values), next(values)):
                    body = "&".join(
                        f"{quote(other)}={value if other == name else quote(shown)}" for other, shown in fields.items()
                    )
                    answer = client.post(target, data=body, content_type="application/x-www-form-urlencoded")
                    if answer.status_code >= 500:
                        broken.append(f"POST {target} {name}={value[:40]}")
                    location = answer.headers.get("Location", "/")
                    assert location.startswith("/") and not location.startswith("//"), (target, name, value)
            if (target, "*") not in sent:
                sent.add((target, "*"))
                broken += [f"{target} {how}" for how in no_texts(client, target, fields)]
    assert broken == []
    if role != "visitor":
        assert len(sent) > 20


def test_an_odd_body_of_a_post_is_answered(as_person: Callable[[str], FlaskClient], places: dict[str, str]) -> None:
    """Posts without a form of their own: every field that any page reads, all odd at once."""
    read = re.compile(r"""form\.get(?:list)?\(\s*["'](\w+)["']""")
    names = sorted({name for path in SOURCES.rglob("*.py") for name in read.findall(path.read_text("utf-8"))})
    assert len(names) > 10
    broken = []
    values = cycle(ODD)
    for email in (EMAILS["administrator"], EMAILS["demand"], EMAILS["supplier"]):
        client = as_person(email)
        form_token = token(client, "/password/forgotten")
        for path in POSTS:
            for value in [next(values) for _ in range(4)]:
                body = "&".join([f"csrf_token={quote(form_token)}", *(f"{name}={value}" for name in names)])
                answer = client.post(path.format(**places), data=body, content_type="application/x-www-form-urlencoded")
                if path == "/logout":
                    client = as_person(email)
                    form_token = token(client, "/password/forgotten")
                if answer.status_code >= 500:
                    broken.append(f"POST {path} {value[:40]}")
    assert broken == []


@pytest.mark.parametrize(
    "header", ["Last-Event-ID", "Accept-Language", "If-None-Match", "User-Agent", "Cookie", "Host"]
)
def test_an_odd_header_is_answered(visitor: FlaskClient, header: str) -> None:
    for value in ODD:
        for path in ("/", "/search", "/live/lines", "/feed.atom"):
            assert visitor.get(path, headers={header: value}).status_code < 500, (path, header, value)


def test_every_stream_takes_an_odd_place(visitor: FlaskClient) -> None:
    for path in STREAMS:
        for value in ODD:
            with visitor.get(f"{path}?after={value}") as answer:
                assert answer.status_code < 500, (path, value)
