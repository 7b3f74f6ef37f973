"""Where the programs are that the tests need and pip does not install: Chromium, Chinese fonts, PostgreSQL and more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.opensearch.packages import java, maven

FONTS = Path("/usr/share/fonts")
POSTGRES = Path("/usr/lib/postgresql")


def playwright_driver() -> Path | None:
    """Playwright's driver, if it runs: it comes with pip, but a bare Debian lacks a library that it is linked to."""
    started = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True, check=False)
    return Path(sys.executable) if started.returncode == 0 else None


def chromium() -> Path | None:
    """Chromium on the path, or where playwright keeps its own."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    if playwright_driver() is None:
        return None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def chinese_font() -> Path | None:
    """A font with Chinese characters; without fc-list, one that is named as such."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=True).stdout
        return next((Path(line.strip().rstrip(":")) for line in listed.splitlines()), None)
    return next(FONTS.rglob("*CJK*"), None)


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's own programs: the newest of Debian's, or that on the path."""
    for folder in sorted(POSTGRES.glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found and shutil.which("postgres") else None


def node() -> Path | None:
    """Node.js, where npm is as well; both check with others' tools what the hall signs."""
    found = shutil.which("node")
    return Path(found) if found and shutil.which("npm") else None


def nginx() -> Path | None:
    """nginx, on the path or where Debian keeps what the administrator runs."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return Path(found) if found else None


@dataclass(frozen=True)
class Program:
    """Something to install: Debian's package, and the function that finds it."""

    package: str
    find: Callable[[], Path | None]
    is_required: bool = True  # in CI; what else registries have, which may be out of reach, is left out there too


PROGRAMS = (
    Program("libatomic1", playwright_driver),
    Program("chromium", chromium),
    Program("fonts-noto-cjk", chinese_font),
    Program("postgresql", postgres_programs),
    Program("npm", node),
    Program("default-jre-headless", java, is_required=False),
    Program("maven", maven, is_required=False),
    Program("nginx", nginx, is_required=False),
)
