"""What the fuzz sends: requests that Hypothesis draws from the hall's own routes, queries, fields and forms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Flask
from hypothesis import strategies as st

from scenario_hall.api.operations import OPERATIONS
from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS
from tests.web.access_table import POSTS, TABLE
from tests.web.test_odd_values import ODD, SOURCES, queries

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----soak"
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
HEADERS = ("Last-Event-ID", "Accept-Language", "If-None-Match", "If-Match", "User-Agent", "Cookie", "Host", "Accept")
HEADERS_OF_API = ("Idempotency-Key", "If-Match", "Prefer", "Authorization", "Content-Type", "Accept")
RESERVED = (
    "endpoint",
    "_external",
    "_scheme",
    "_anchor",
    "_method",
    "values",
    "self",
    "lang",
    "page",
    "format",
    "view",
)
TYPES = ("application/json", "application/merge-patch+json", "text/plain", URLENCODED, "", "\u00e9/x")
# The beginnings of files that the hall opens.
FILES = (b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xd0\xcf\x11\xe0", b"a,b\n1,2\n", b"")


@dataclass(frozen=True)
class Form:
    """A form as a person was shown it: where it goes, and the fields with their values."""

    role: str
    target: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """One request as it is sent; ``path`` and ``body`` are encoded already."""

    role: str
    method: str
    path: str
    body: bytes | None = None
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]} as {self.role} {self.content_type} {(self.body or b'')[:300]!r} {self.headers}"


def odd_values() -> st.SearchStrategy[bytes]:
    """Values that are known to hurt, and others that nobody has thought of, as bytes."""
    texts = st.one_of(
        st.text(max_size=40),
        st.integers().map(str),
        st.floats().map(str),
        st.dates().map(str),
        st.datetimes().map(lambda moment: moment.isoformat()),
        st.text(alphabet="0123456789.,%-+eE~～至到 年月日kgm㎡℃元万", max_size=20),
        st.text(st.characters(codec="utf-8"), min_size=200, max_size=400),
    )
    known = st.sampled_from([unquote_to_bytes(each) for each in ODD])
    return st.one_of(known, texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=30))


def requests_at(
    app: Flask, roles: Sequence[str], places: Mapping[str, str], forms: Sequence[Form]
) -> st.SearchStrategy[Request]:
    """Every shape of request, each as likely as the others."""
    values = st.one_of(odd_values(), st.sampled_from([place.encode() for place in sorted(places.values())]))
    draw = _Drawn(st.sampled_from(list(roles)), values, places)
    return st.one_of(
        draw.pages(), draw.addresses(app), draw.forms(forms), draw.changes(app), draw.uploads(forms), draw.of_the_api()
    )


class _Drawn:
    """The shapes, over one kind of values."""

    def __init__(
        self, roles: st.SearchStrategy[str], values: st.SearchStrategy[bytes], places: Mapping[str, str]
    ) -> None:
        self.roles, self.values, self.places = roles, values, places
        names = st.sampled_from(sorted({*queries(), *RESERVED}))
        self.query = st.lists(st.tuples(names, values), max_size=4).map(urlencode)
        self.headers = st.lists(self._header(HEADERS), max_size=1).map(tuple)

    def pages(self) -> st.SearchStrategy[Request]:
        """Pages that there are, with queries and headers."""
        paths = st.sampled_from([path.format(**self.places) for path in TABLE])
        asked = st.builds(lambda path, query: f"{path}{'&' if '?' in path else '?'}{query}", paths, self.query)
        return st.builds(
            lambda role, path, headers: Request(role, "GET", path, headers=headers), self.roles, asked, self.headers
        )

    def addresses(self, app: Flask) -> st.SearchStrategy[Request]:
        """Every route with odd parts."""
        return st.builds(
            lambda role, path, query: Request(role, "GET", f"{path}?{query}"), self.roles, self._path(app), self.query
        )

    def forms(self, forms: Sequence[Form]) -> st.SearchStrategy[Request]:
        """Forms as they were shown, some of their fields with other values."""

        @st.composite
        def drawn(draw: st.DrawFn) -> Request:
            form = draw(st.sampled_from(list(forms)))
            changed = (
                draw(st.lists(st.sampled_from(sorted(form.fields)), min_size=1, max_size=6)) if form.fields else []
            )
            sent = {**form.fields, **{name: draw(self.values) for name in changed}, "once": ""}
            return Request(form.role, "POST", form.target, urlencode(sent).encode(), URLENCODED)

        return drawn()

    def changes(self, app: Flask) -> st.SearchStrategy[Request]:
        """Posts to every route with fields that any page reads."""
        read = re.compile(r"""form\.get(?:list)?\(\s*["'](\w+)["']""")
        names = sorted({name for path in SOURCES.rglob("*.py") for name in read.findall(path.read_text("utf-8"))})
        bodies = st.lists(st.tuples(st.sampled_from(names), self.values), max_size=5).map(urlencode)
        known = st.sampled_from([path.format(**self.places) for path in POSTS if path != "/logout"])
        return st.builds(
            lambda role, path, body, kind: Request(role, "POST", path, body.encode(), kind),
            self.roles,
            st.one_of(known, self._path(app)),
            bodies,
            st.sampled_from([URLENCODED, URLENCODED, "application/json"]),
        )

    def uploads(self, forms: Sequence[Form]) -> st.SearchStrategy[Request]:
        """Forms with a file in each field in turn, whose content is what its beginning says, or not."""

        @st.composite
        def drawn(draw: st.DrawFn) -> Request:
            form = draw(st.sampled_from(list(forms)))
            name = draw(st.sampled_from(sorted({*form.fields, "file", "attachments", "document"})))
            file = draw(st.sampled_from(FILES)) + draw(st.binary(max_size=60))
            title = quote(draw(self.values))[:300]
            parts = [
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{quote(field)}"\r\n\r\n{value}\r\n'.encode()
                for field, value in form.fields.items()
                if field not in (name, "once")
            ]
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n\r\n'.encode()
            body = b"".join([*parts, head, file, f"\r\n--{BOUNDARY}--\r\n".encode()])
            return Request(form.role, "POST", form.target, body, f"multipart/form-data; boundary={BOUNDARY}")

        return drawn()

    def of_the_api(self) -> st.SearchStrategy[Request]:
        """Every operation with odd parts, queries, headers and bodies; ``make fuzz`` knows what each takes."""
        texts = self.values.map(lambda value: value.decode("utf-8", "surrogatepass") if _is_text(value) else "")
        leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
        anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner))
        examples = [dict(kind.example) for kind in (SCENARIOS, PRODUCTS)]
        names = st.sampled_from(sorted({name for example in examples for name in example}))
        content = st.builds(
            lambda example, changed: {**example, **changed},
            st.sampled_from(examples),
            st.dictionaries(names, anything, max_size=3),
        )
        member = {"content": content, "organization": st.one_of(st.just(1), anything), "reason": texts}
        bodies = st.one_of(
            st.fixed_dictionaries({}, optional=member).map(_as_json), anything.map(_as_json), st.binary(max_size=40)
        )

        @st.composite
        def drawn(draw: st.DrawFn) -> Request:
            operation = draw(st.sampled_from(OPERATIONS))
            path = re.sub(r"{[^}]+}", lambda _part: quote(draw(self.values)) or "x", operation.path)
            headers = tuple(draw(st.lists(self._header(HEADERS_OF_API), max_size=2)))
            body = draw(bodies) if operation.method in CHANGES else None
            role = draw(st.sampled_from(["program", "program", "office", "visitor"]))
            kind = draw(st.sampled_from(TYPES)) if draw(st.integers(0, 4)) == 0 else TYPES[0]
            address = f"/api/v1{path}?{draw(self.query)}"
            return Request(role, operation.method, address, body, kind if body is not None else "", headers)

        return drawn()

    def _header(self, names: Sequence[str]) -> st.SearchStrategy[tuple[str, str]]:
        text = self.values.map(lambda value: re.sub(r"[\x00-\x1f\x7f]", " ", value.decode("latin-1")))
        return st.tuples(st.sampled_from(list(names)), text)

    def _path(self, app: Flask) -> st.SearchStrategy[str]:
        rules = [rule.rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
        template = st.sampled_from(sorted({rule for rule in rules if rule != "/logout"}))

        @st.composite
        def drawn(draw: st.DrawFn) -> str:
            return re.sub(r"<[^>]+>", lambda _part: quote(draw(self.values)) or "x", draw(template))

        return drawn()


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _as_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")
