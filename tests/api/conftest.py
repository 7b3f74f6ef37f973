"""A hall with people, and programs of theirs; every answer is held against the document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.tokens import Scope, make_token
from tests.world import World

ALL = tuple(Scope)


@pytest.fixture
def app(hall_settings: Settings) -> Flask:
    return create_app(hall_settings)


@pytest.fixture
def hall(small_world: World) -> World:
    return small_world


_KNOWN: list[dict[str, Any]] = []


def whole_document(app: Flask) -> dict[str, Any]:
    """It depends on nothing but the code: asked for once."""
    if not _KNOWN:
        told = app.test_client().get("/api/v1/openapi.json?lang=en").json
        assert told is not None
        _KNOWN.append(told)
    return _KNOWN[0]


class Document:
    """The document, as something that answers are held against."""

    def __init__(self, app: Flask) -> None:
        self.told = whole_document(app)
        self._paths = {
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): methods for path, methods in self.told["paths"].items()
        }
        self._validators: dict[str, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        path = path.partition("?")[0]
        found = [methods for pattern, methods in self._paths.items() if pattern.fullmatch(path)]
        return next((methods[method.lower()] for methods in found if method.lower() in methods), None)

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Fails for whatever the document does not describe."""
        assert "html" not in (answer.content_type or ""), (method, path)
        operation = self.operation(method, path)
        if operation is None:
            assert answer.status_code in (404, 405) and answer.content_type == "application/problem+json"
            return
        described = operation["responses"].get(str(answer.status_code))
        assert described is not None, (method, path, answer.status_code, answer.text)
        if answer.status_code == 304:
            return
        assert answer.mimetype in described["content"], (method, path, answer.content_type)
        if "json" in answer.mimetype and answer.mimetype != "application/jsonl":
            self._validator(described["content"][answer.mimetype]["schema"]).validate(answer.json)

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.told["components"]}
            self._validators[key] = Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


@dataclass
class Program:
    """What a program of somebody's sends, with its token; each answer is checked."""

    client: FlaskClient
    document: Document
    token: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        given: dict[str, Any] = {"data": body} if isinstance(body, bytes | str) else {"json": body}
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/octet-stream")
        answer = self.client.open(
            f"/api/v1{path}",
            method=method,
            headers={"Accept-Language": "en", **sent},
            **(given if body is not None else {}),
        )
        self.document.check(method, f"/api/v1{path}", answer)
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def do(self, path: str, body: Any = None, *, method: str = "POST", status: int = 200) -> Any:
        """A change of the record at ``path`` (or of that above the action), in the version that is there now."""
        record = path if method != "POST" else path.rpartition("/")[0]
        tag = self.get(record).headers["ETag"]
        answer = self.send(method, path, body, If_Match=tag)
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def document(app: Flask) -> Document:
    return Document(app)


@pytest.fixture
def anybody(app: Flask, document: Document) -> Program:
    return Program(app.test_client(), document)


@pytest.fixture
def program(app: Flask, hall: World, document: Document) -> Callable[..., Program]:
    """A program of a person, for their organisation, with every scope that they may have."""

    def make(person: Account, scopes: tuple[Scope, ...] = ALL, organization: int | None = None) -> Program:
        own = {hall.port_person.pk: hall.port.pk, hall.maker_person.pk: hall.maker.pk}
        allowed = scopes if person.is_administrator else tuple(set(scopes) - {Scope.REVIEW, Scope.CERTIFY})
        _, text = make_token(
            hall.actor(person),
            session=hall.session,
            account=person,
            name="test",
            scopes=allowed,
            organization_id=organization or own.get(person.pk),
            days=1,
            longest=1,
        )
        hall.session.rollback()
        return Program(app.test_client(), document, text)

    return make


@pytest.fixture
def demand(hall: World, program: Callable[..., Program]) -> Program:
    return program(hall.port_person)


@pytest.fixture
def supplier(hall: World, program: Callable[..., Program]) -> Program:
    return program(hall.maker_person)


@pytest.fixture
def administrator(hall: World, program: Callable[..., Program]) -> Program:
    return program(hall.administrator)
