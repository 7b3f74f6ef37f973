"""The style sheet: one built file in layers, kept by browsers, never missing without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scenario_hall.config import SettingsError
from scenario_hall.web.kit.style_sheet import find_style_sheet
from static import build
from tests.world import World


def address_of(visitor: FlaskClient) -> str:
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"', visitor.get("/").text)
    assert len(found) == 1
    return str(found[0])


def test_browsers_keep_the_style_sheet_and_what_it_names(visitor: FlaskClient, hall: World) -> None:
    address = address_of(visitor)
    sheet = visitor.get(address)
    fonts = re.findall(r'url\("(?!data:)([^"]+)"\)', sheet.text)
    assert fonts
    for path in (address, *(f"{address.rpartition('/')[0]}/{name}" for name in fonts)):
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_that_is_not_there_is_not_kept(visitor: FlaskClient, hall: World) -> None:
    answer = visitor.get("/static/built/hall.00000000.css")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_without_a_style_sheet_the_hall_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"static/build\.py"):
        find_style_sheet(tmp_path)


def test_every_rule_is_in_a_layer_and_only_the_reset_stands_below_the_framework(
    visitor: FlaskClient, hall: World
) -> None:
    sheet = visitor.get(address_of(visitor)).text
    head, *layers = re.split(r"^@layer (\w+) \{$", sheet, flags=re.MULTILINE)
    assert re.sub(r'@charset "UTF-8";|@layer [\w, ]+;', "", head).strip() == ""
    assert tuple(layers[::2]) == build.LAYERS
    rules = dict(zip(layers[::2], layers[1::2], strict=True))
    assert ".btn-primary{" in rules["framework"] and ".bi-search::before{" in rules["framework"]
    assert build.LAYERS[:2] == ("reset", "framework")


def test_every_source_is_in_the_sheet_and_says_nothing_important(visitor: FlaskClient, hall: World) -> None:
    """``!important`` turns the order of layers round: the framework would win over us."""
    sheet = visitor.get(address_of(visitor)).text
    sources = sorted(build.SOURCES.rglob("*.css"))
    assert len(sources) > 20
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert text.strip() in sheet, source
        assert "!important" not in text, source


def test_a_build_without_changes_writes_nothing_and_leaves_nothing_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TARGET", tmp_path / "built")
    build.build()
    first = {path: path.stat().st_mtime_ns for path in build.TARGET.iterdir()}
    (build.TARGET / "hall.0ld0ld00.css").write_text("old")
    build.build()
    assert {path: path.stat().st_mtime_ns for path in build.TARGET.iterdir()} == first
