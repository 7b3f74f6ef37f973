"""What goes wrong, as RFC 9457 has it: one shape, one table, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, current_app, g
from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationError

from scenario_hall.core.errors import HallError, Invalid, StaleEdit
from scenario_hall.core.texts import N_
from scenario_hall.web.kit.language import translated

CONTENT_TYPE = "application/problem+json"
# Status → its name in ``type``, and its title.
PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("malformed", N_("The request cannot be read")),
    401: ("unauthenticated", N_("A token is needed")),
    403: ("denied", N_("Not allowed")),
    404: ("not-found", N_("Not found")),
    405: ("method-not-allowed", N_("This address does not take that method")),
    406: ("not-acceptable", N_("No such form of the answer")),
    409: ("conflict", N_("Not possible now")),
    410: ("gone", N_("No longer there")),
    412: ("stale", N_("Somebody else has changed this in the meantime")),
    413: ("too-large", N_("Too large")),
    415: ("media-type", N_("The body is of another type")),
    422: ("invalid", N_("Please check what you sent")),
    428: ("precondition-required", N_("Say which version you saw")),
    429: ("too-many", N_("Too many requests")),
    500: ("internal", N_("Something went wrong on our side")),
    503: ("unavailable", N_("For a moment the hall cannot do this")),
}
# What a service refuses though it has the declared form.
RULE = "rule"


class Fault(BaseModel):
    """One thing that is wrong, and where: a JSON pointer into the body (RFC 6901), or a parameter or header."""

    detail: str
    code: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Versions(BaseModel):
    """The version that a change was made for, and the one that is there now."""

    sent: int
    current: int


class Restart(BaseModel):
    """Where a reader of the log begins anew: with nothing, at this position of this epoch."""

    after: int
    epoch: str


class Problem(BaseModel):
    """An error (RFC 9457). ``instance`` is the number of the request, as the hall's log has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    faults: list[Fault] = Field(default_factory=list)
    versions: Versions | None = None
    restart: Restart | None = None


class ProblemError(Exception):
    """Raised by this layer itself; services raise the types of ``core/errors.py``."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        faults: Iterable[Fault] = (),
        versions: Versions | None = None,
        restart: Restart | None = None,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.values = status, detail, values
        self.faults, self.versions, self.restart, self.headers = list(faults), versions, restart, headers or {}


def respond(
    status: int,
    detail: str,
    *,
    faults: Iterable[Fault] = (),
    versions: Versions | None = None,
    restart: Restart | None = None,
    headers: dict[str, str] | None = None,
    name: str = "",
) -> Response:
    """The response of one problem; ``detail`` is in the reader's language already."""
    slug, title = PROBLEMS.get(status, PROBLEMS[500])
    problem = Problem(
        type=f"{current_app.config['APPLICATION_ROOT'].rstrip('/')}/api#problem-{name or slug}",
        title=_(title),
        status=status,
        detail=detail or _(title),
        instance=f"urn:request:{g.get('request_id', '-')}",
        faults=list(faults),
        versions=versions,
        restart=restart,
    )
    body = json.dumps(problem.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
    return Response(body, status, headers=headers or {}, content_type=CONTENT_TYPE)


def of_layer(error: ProblemError) -> Response:
    return respond(
        error.status,
        translated(error.detail, error.values),
        faults=error.faults,
        versions=error.versions,
        restart=error.restart,
        headers=error.headers,
    )


def of_service(error: HallError, *, sent: int | None = None, body: type[BaseModel] | None = None) -> Response:
    """What a service refused. ``sent``: the version that the caller saw; ``body``: what it sent, for pointers."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    faults: list[Fault] = []
    status, versions = error.status, None
    if isinstance(error, Invalid):
        faults = [
            Fault(detail=translated(text, error.values), code=RULE, **_place(field, body))
            for field, text in error.fields.items()
        ]
    if isinstance(error, StaleEdit):
        current = getattr(error.current, "version", None)
        if sent is not None and isinstance(current, int) and current != sent:
            status, versions = 412, Versions(sent=sent, current=current)
    return respond(
        status,
        translated(error.message, error.values),
        faults=faults,
        versions=versions,
        headers=headers,
        name=RULE if status == 422 else "",
    )


def _place(field: str, body: type[BaseModel] | None) -> dict[str, str]:
    """Where in the body a service's field stands; nothing where it is no part of it."""
    known = body.model_fields if body is not None else {}
    if field in known:
        return {"pointer": f"/{field}"}
    content = known.get("content")
    if content is not None and field in getattr(content.annotation, "model_fields", {}):
        return {"pointer": f"/content/{field}"}
    return {}


def faults_of_body(error: ValidationError) -> list[Fault]:
    """Every fault with its JSON pointer."""
    return [
        Fault(detail=_told(each), code=each["type"], pointer="".join(f"/{_escaped(part)}" for part in each["loc"]))
        for each in error.errors(include_url=False, include_input=False)
    ]


def faults_of_query(error: ValidationError) -> list[Fault]:
    """Every fault with the parameter that it is about."""
    return [
        Fault(detail=_told(each), code=each["type"], parameter=str(each["loc"][0]) if each["loc"] else None)
        for each in error.errors(include_url=False, include_input=False)
    ]


def _told(each: Mapping[str, Any]) -> str:
    context: dict[str, Any] = each.get("ctx", {})
    return str(context["error"] if each["type"] == "value_error" and "error" in context else each["msg"])


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
