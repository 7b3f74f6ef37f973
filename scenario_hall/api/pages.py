"""The document for programs, and the same for people."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from scenario_hall.api.document import document
from scenario_hall.api.documentation import chapters
from scenario_hall.api.problems import PROBLEMS
from scenario_hall.api.rates import WINDOW_SECONDS
from scenario_hall.organizations.tokens import SCOPE_NAMES
from scenario_hall.web.kit.request import settings

pages = Blueprint("api_pages", __name__)


@pages.get("/api/v1/openapi.json")
def openapi() -> ResponseReturnValue:
    """The OpenAPI document."""
    response = Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@pages.get("/api")
def show() -> ResponseReturnValue:
    return render_template(
        "api/index.html",
        chapters=chapters(settings().base_url),
        problems={status: named for status, named in PROBLEMS.items() if status != 500},
        scopes=SCOPE_NAMES,
        rate=settings().api_rate,
        window=WINDOW_SECONDS,
        base_url=settings().base_url,
    )
