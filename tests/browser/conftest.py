"""A hall that really runs, and Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlmodel import Session

from scenario_hall.config import ROOT
from scenario_hall.core.db import make_engine
from scenario_hall.core.policy import SYSTEM
from scenario_hall.organizations import accounts
from scenario_hall.schema import upgrade
from scenario_hall.taxonomy.service import seed_taxonomy
from tests.programs import needed
from tests.web.conftest import app, as_person, hall, places, visitor  # noqa: F401
from tools.programs import chromium, playwright_driver

SCREENSHOTS = ROOT / "screenshots"
PASSWORD = "harbour-lantern-2026"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    needed(playwright_driver(), "A library of playwright's driver")
    path = needed(chromium(), "Chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return tmp_path_factory.mktemp("hall")


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """A hall that tests share: none may count on what it holds, only on what it put there itself."""
    with served_hall(folder) as base:
        yield base


@contextmanager
def served_hall(folder: Path) -> Iterator[str]:
    """The address of a hall with two administrators and its data in ``folder``, served as `make run` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HALL_ENVIRONMENT": "development",
        "HALL_DATA_DIR": str(folder),
        "HALL_PORT": str(port),
        "HALL_SEARCH_INDEX": str(folder / "index"),
        "HALL_DATABASE_URL": f"sqlite:///{folder / 'hall.sqlite'}",
    }
    engine = make_engine(environment["HALL_DATABASE_URL"])
    upgrade(engine)
    with Session(engine) as session:
        seed_taxonomy(session)
        for email, name in (("admin@hall.example", "林管理"), ("second@hall.example", "Ada Ho")):
            person = accounts.register_account(session, email=email, name=name, password=PASSWORD, is_confirmed=True)
            accounts.set_administrator(SYSTEM, session=session, account=person, is_administrator=True)
    engine.dispose()
    command = [sys.executable, "-m", "scenario_hall", "serve", "--web-processes", "1"]
    served = subprocess.Popen(command, env=environment, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/healthz")
        yield base
    finally:
        served.terminate()
        assert served.wait(20) == 0


def wait_for(url: str, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
