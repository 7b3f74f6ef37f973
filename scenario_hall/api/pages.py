"""The document for programs, and the same for people; each is made once a language and process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar, cast

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.api.document import document
from scenario_hall.api.documentation import chapters
from scenario_hall.api.problems import PROBLEMS
from scenario_hall.api.rates import WINDOW_SECONDS
from scenario_hall.organizations.tokens import SCOPE_NAMES
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import settings

pages = Blueprint("api_pages", __name__)
T = TypeVar("T")


def _once(what: str, make: Callable[[], T]) -> T:
    """What ``make`` gives in the reader's language: it depends on the code and the language alone."""
    made: dict[tuple[str, str], object] = current_app.extensions.setdefault("hall_api_texts", {})
    key = (what, current_locale())
    if key not in made:
        made[key] = make()
    return cast("T", made[key])


@pages.get("/api/v1/openapi.json")
def openapi() -> ResponseReturnValue:
    """The OpenAPI document."""
    text = _once("document", lambda: json.dumps(document(), ensure_ascii=False))
    response = Response(text, mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@pages.get("/api")
def show() -> ResponseReturnValue:
    return render_template(
        "api/index.html",
        chapters=_once("chapters", lambda: chapters(settings().base_url)),
        problems={status: named for status, named in PROBLEMS.items() if status != 500},
        scopes=SCOPE_NAMES,
        rate=settings().api_rate,
        window=WINDOW_SECONDS,
        base_url=settings().base_url,
    )
