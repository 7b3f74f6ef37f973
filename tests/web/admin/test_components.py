"""The page of components shows each part of the pages in each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from scenario_hall.web.kit.illustrations import drawn_domains
from scenario_hall.web.kit.lifecycle_names import STATES
from static import build
from tests.world import World

# What only a whole page has, or what another helper of pages shows: their own pages are looked at.
ELSEWHERE = {
    "actions",
    "diff",
    "facts",
    "footer",
    "header",
    "lines",
    "messages",
    "notices",
    "removal",
    "steps",
    "suggestions",
    "summary",
}


def test_every_sheet_of_a_component_has_something_to_style_there(
    as_person: Callable[[str], FlaskClient], hall: World
) -> None:
    page = as_person("admin@hall.example").get("/admin/components/").text
    used = {name for value in re.findall(r'class="([^"]*)"', page) for name in value.split()}
    for path in sorted((build.SOURCES / "components").glob("*.css")):
        if path.stem not in ELSEWHERE:
            own = set(re.findall(r"^\.([a-z][\w-]*)", Path(path).read_text(encoding="utf-8"), flags=re.MULTILINE))
            assert own & used, path.name


def test_every_state_sign_and_drawing_is_there(as_person: Callable[[str], FlaskClient], hall: World) -> None:
    page = as_person("admin@hall.example").get("/admin/components/").text
    assert {f"state-{name}" for name in STATES} <= set(re.findall(r"\bstate-[\w-]+", page))
    assert {"scenario", "product", "trial", "first", "revoked"} <= set(re.findall(r"\bsign-(\w+)", page))
    assert drawn_domains() <= set(re.findall(r"domains\.\w+\.svg#([a-z-]+)", page))
