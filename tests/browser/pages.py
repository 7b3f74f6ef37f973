"""Asks axe about every route × person × colours × language, at two widths, on the demonstration data, and photographs
the pages; run by `make pages`.

Each picture is taken once, in the eyes of the first who may see the page. Exits with 1 where a page breaks a rule,
scrolls both ways at 400 %, or cuts something off.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from scenario_hall.app import create_app
from scenario_hall.config import ROOT, load_settings
from tests.browser.answering import LOCALES, ORIGIN, THEMES, WIDTHS, answer_with, faults_when_zoomed, unfold, wear
from tests.browser.axe import violations
from tests.browser.demonstration_places import demonstration_places
from tests.web.access_table import TABLE
from tests.web.conftest import token
from tools.programs import chromium

ROLES = ("visitor", "demand", "supplier", "administrator")
MOST_IN_A_NAME = 60


@dataclass
class Walk:
    """What one run looks at, and what it has found: pages and faults by role, colours and language."""

    page: Page
    clients: Mapping[str, FlaskClient]
    places: Mapping[str, str]
    paths: list[str]
    folder: Path
    pages: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    faults: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def go(self, roles: list[str], themes: list[str], locales: list[str]) -> None:
        choose = answer_with(self.page, self.clients)
        photographed: set[str] = set()
        for role in roles:
            choose(role)
            seen = [path for path in self.paths if self.is_page(role, path)]
            for theme, locale in product(themes, locales):
                wear(self.clients[role], theme, locale)
                for path in seen:
                    self.look_at(path, (role, theme, locale), has_pictures=path not in photographed)
            photographed.update(seen)

    def is_page(self, role: str, path: str) -> bool:
        """Whether the role gets a page of its own there: no file, and nothing that sends it on."""
        got = self.clients[role].get(path.format(**self.places))
        return got.mimetype == "text/html" and not 300 <= got.status_code < 400

    def look_at(self, path: str, look: tuple[str, str, str], *, has_pictures: bool) -> None:
        role, theme, locale = look
        self.pages[look] += 1
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.goto(ORIGIN + path.format(**self.places))
            if has_pictures:
                name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:MOST_IN_A_NAME] or "hall"
                self.page.screenshot(path=self.folder / f"{name}-{role}-{width}-{theme}-{locale}.png", full_page=True)
            unfold(self.page)
            found = violations(self.page)
            if width == min(WIDTHS):
                found += faults_when_zoomed(self.page)
            for fault in found:
                print(f"{path} as {role}, {theme}, {locale}, {width} px: {fault}", flush=True)
            self.faults[look] += len(found)


def sign_in(app: Flask, emails: Mapping[str, str], password: str) -> dict[str, FlaskClient]:
    """A client of each role, logged in through the form."""
    clients = {role: app.test_client() for role in ROLES}
    for role, email in emails.items():
        client = clients[role]
        typed = {"csrf_token": token(client, "/login"), "email": email, "password": password}
        assert client.post("/login", data=typed).status_code == 302, email
    return clients


def report(walk: Walk, seconds: float) -> None:
    table = Table(
        title=f"{sum(walk.pages.values())} pages at {len(WIDTHS)} widths in {seconds:.0f} s: violations of pages"
    )
    table.add_column("person")
    looks = sorted({(theme, locale) for _role, theme, locale in walk.pages}, reverse=True)
    for theme, locale in looks:
        table.add_column(f"{theme} {locale}", justify="right")
    for role in walk.clients:
        cells = [(role, *look) for look in looks]
        if any(walk.pages[cell] for cell in cells):
            table.add_row(role, *[f"{walk.faults[cell]} of {walk.pages[cell]}" for cell in cells])
    Console(width=140).print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--data", type=Path, help="a folder with the demonstration data already in it")
    parser.add_argument("--only", default="", help="routes that begin so")
    parser.add_argument("--roles", nargs="+", choices=ROLES, default=list(ROLES))
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument("--locales", nargs="+", choices=LOCALES, default=list(LOCALES))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        os.environ |= {"HALL_DATA_DIR": str(data), "HALL_SEARCH_INDEX": str(data / "index")}
        os.environ["HALL_DATABASE_URL"] = f"sqlite:///{data / 'hall.sqlite'}"
        if not asked.data:
            subprocess.run([sys.executable, "-m", "scenario_hall", "demo"], cwd=ROOT, check=True)
        settings = load_settings()
        app = create_app(settings)
        emails, places = demonstration_places(app.extensions["hall_engine"])
        begun = time.monotonic()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            walk = Walk(
                browser.new_page(reduced_motion="reduce"),
                sign_in(app, emails, settings.demo_password),
                places,
                [path for path in TABLE if path.startswith(asked.only)],
                asked.folder,
            )
            walk.go(asked.roles, asked.themes, asked.locales)
            browser.close()
    report(walk, time.monotonic() - begun)
    return 1 if sum(walk.faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
