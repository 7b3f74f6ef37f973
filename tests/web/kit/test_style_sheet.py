"""The style sheet: one built file in layers, kept by browsers, never missing without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scenario_hall.config import ROOT, SettingsError
from scenario_hall.web.kit.style_sheet import find_style_sheet
from static import build
from tests.world import World

# Names that tell a place apart for scripts and tests, and have no rule of their own.
HOOKS: frozenset[str] = frozenset(
    {"form-check-label", "line-part", "page-item", "plain", "score-none", "suggested", "timeline-kind"}
)


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


def test_every_rule_is_in_a_layer(visitor: FlaskClient, hall: World) -> None:
    sheet = visitor.get(address_of(visitor)).text
    head, *layers = re.split(r"^@layer (\w+) \{$", sheet, flags=re.MULTILINE)
    assert re.sub(r'@charset "UTF-8";|@layer [\w, ]+;', "", head).strip() == ""
    assert tuple(layers[::2]) == build.LAYERS


def test_every_class_and_icon_that_a_template_names_has_a_rule(visitor: FlaskClient, hall: World) -> None:
    """Also after a template was written for the framework that once stood under our rules."""
    sheet = visitor.get(address_of(visitor)).text
    known = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    lacking = set()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text)
        for value in re.findall(r'class="([^"]*)"', plain):
            # What ends in a hyphen goes on with a value: ``state-{{ name }}``.
            names = {name for name in value.split() if not name.endswith("-")}
            lacking |= {f"{path.name}: {name}" for name in names - known - HOOKS}
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"', text):
            if f"bi-{name}" not in known:
                lacking.add(f"{path.name}: bi-{name}")
    assert lacking == set()


def test_every_source_is_in_the_sheet_and_says_nothing_important(visitor: FlaskClient, hall: World) -> None:
    """``!important`` turns the order of layers round."""
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


def tokens_of(block: str) -> dict[str, str]:
    return dict(re.findall(r"^\s*(--[\w-]+|color-scheme): (.+);$", block, flags=re.MULTILINE))


def blocks() -> dict[str, dict[str, str]]:
    """The tables of colours in css/tokens.css, by their selectors."""
    sheet = (build.SOURCES / "tokens.css").read_text(encoding="utf-8")
    plain, contrast = sheet.split("@media (prefers-contrast: more)")
    _, light, dark, device = re.split(
        r'\[data-bs-theme="light"\] \{|\[data-bs-theme="dark"\] \{|@media \(prefers', plain
    )
    _, contrast_light, contrast_dark = re.split(r'\[data-bs-theme="(?:light|dark)"\] \{', contrast.split(":lang")[0])
    found = {"light": tokens_of(light), "dark": tokens_of(dark), "device": tokens_of(device)}
    found["light, more contrast"] = found["light"] | tokens_of(contrast_light)
    found["dark, more contrast"] = found["dark"] | tokens_of(contrast_dark)
    return found


def test_a_dark_device_without_javascript_shows_what_the_dark_theme_shows() -> None:
    found = blocks()
    assert found["dark"] == found["device"]
    assert found["light"].keys() == found["dark"].keys()


# Text on its ground needs 4.5 (WCAG 2.2, 1.4.3), signs, borders of fields and the ring of the focus 3 (1.4.11).
TEXTS = (
    *(
        (ink, ground)
        for ink in ("ink", "quiet", "accent", "first", "good", "warn", "bad")
        for ground in ("paper", "card")
    ),
    ("quiet", "sunken"),
    ("ink", "mark"),
    ("ink", "heat"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bad", "bad"),
    ("accent-strong", "accent-soft"),
    ("quiet", "accent-soft"),
    ("first", "first-soft"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
)
SIGNS = (
    *((sign, ground) for sign in ("edge", "focus", "accent", "first-sign") for ground in ("paper", "card")),
    ("first-sign", "first-soft"),
    # The ring of a button lies two pixels away from it, on the page; its own colour may be near.
    ("focus", "accent-soft"),
)


@pytest.mark.parametrize("theme", ["light", "dark", "light, more contrast", "dark, more contrast"])
def test_every_colour_can_be_told_from_its_ground(theme: str) -> None:
    values = blocks()[theme]
    for pairs, least in ((TEXTS, 4.5), (SIGNS, 3.0)):
        for front, ground in pairs:
            seen = contrast_of(values[f"--{front}"], values[f"--{ground}"])
            assert seen >= least, (front, ground, round(seen, 2))


def contrast_of(one: str, other: str) -> float:
    """WCAG 2.2, “contrast ratio”."""
    low, high = sorted((luminance_of(one), luminance_of(other)))
    return (high + 0.05) / (low + 0.05)


def luminance_of(colour: str) -> float:
    """WCAG 2.2, “relative luminance”."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_amber_stands_for_a_first_alone() -> None:
    """The colours of firsts stand in the rules of firsts: counter, star, certificate, seal, their state and charts."""
    allowed = re.compile(r"first|certificate|seal|counter|sign-revoked|state-approved|swatch|root|bs-theme")
    for path in sorted(build.SOURCES.rglob("*.css")):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", path.read_text(encoding="utf-8")):
            if "var(--first" in body:
                assert allowed.search(selector), (path.name, selector)


def frame_of(lines: list[str], place: int) -> str:
    """The tag around the one on line ``place``, by the indentation that djlint keeps."""
    indent = len(lines[place]) - len(lines[place].lstrip())
    for line in reversed(lines[:place]):
        own = len(line) - len(line.lstrip())
        if line.strip() and own < indent:
            indent = own
            if line.lstrip().startswith("<"):
                return line
    return ""


def test_every_table_stands_in_a_frame_in_which_it_scrolls() -> None:
    """Else the page is as wide as the table, and scrolls both ways on a telephone (WCAG 1.4.10)."""
    tables = [
        (path, lines, place)
        for path in (ROOT / "templates").rglob("*.html")
        for lines in [path.read_text(encoding="utf-8").split("\n")]
        for place, line in enumerate(lines)
        if re.match(r'\s*<table class="table', line)
    ]
    assert len(tables) > 30
    assert [
        f"{path.name}:{place + 1}" for path, lines, place in tables if "table-wrap" not in frame_of(lines, place)
    ] == []
