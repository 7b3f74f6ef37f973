"""Make the README's picture: a hall with the demonstration data, as `make run` serves it, photographed in Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scenario_hall.config import ROOT
from tests.browser.conftest import wait_for
from tools.programs import chromium


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            **os.environ,
            "HALL_ENVIRONMENT": "development",
            "HALL_DATA_DIR": folder,
            "HALL_PORT": str(port),
            "HALL_SEARCH_INDEX": f"{folder}/index",
            "HALL_DATABASE_URL": f"sqlite:///{folder}/hall.sqlite",
        }
        served = subprocess.Popen([sys.executable, "-m", "scenario_hall", "serve", "--demo"], env=environment, cwd=ROOT)
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", 120)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
                page = browser.new_page(viewport={"width": 1440, "height": 1100}, locale="zh-CN")
                page.goto(f"http://127.0.0.1:{port}/")
                page.locator("[data-live-dot].is-live").wait_for()
                page.wait_for_timeout(6000)  # until the worker has caught up with the deadlines that are over
                page.reload()
                page.screenshot(path=target)
                browser.close()
        finally:
            served.terminate()
            served.wait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
