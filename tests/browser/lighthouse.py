"""Measures the public pages with Lighthouse (its mobile preset) as the hall serves them in production, and what goes over
the wire at the first and at a second visit; run by `make lighthouse`. Exits with 1 where a page misses a goal.

A visitor's pages, of the demonstration data. Lighthouse reckons the times of a middling phone on a slow network from one
load on this machine, so the score of a machine that is busy with other things is lower.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from scenario_hall.config import ROOT, load_settings
from scenario_hall.core.db import make_engine
from tests.browser.conftest import wait_for
from tests.browser.demonstration_places import demonstration_places
from tools.programs import chromium

LIGHTHOUSE = ROOT / "tools" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
PATHS = (
    "/",
    "/search",
    "/scenarios/",
    "/scenarios/{open}",
    "/products/{listed}",
    "/outcomes",
    "/certificates/{certificate}",
    "/rules",
)
CATEGORIES = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
MOST_SHIFT = 0.02
MOST_FIRST, MOST_AGAIN = 120_000, 25_000  # bytes


@dataclass(frozen=True)
class Measured:
    """One page: Lighthouse's scores of 100, the layout's shift, bytes over the wire."""

    path: str
    scores: dict[str, int]
    shift: float
    first: int
    again: int
    faults: list[str]  # audits that lost points outside of performance

    def misses(self) -> bool:
        scores_miss = any(self.scores[name] < least for name, least in CATEGORIES.items())
        return scores_miss or self.shift > MOST_SHIFT or self.first > MOST_FIRST or self.again > MOST_AGAIN


def ask_lighthouse(url: str, folder: Path) -> dict[str, Any]:
    """Its report. On a busy machine it sometimes misses the beginning of a load and says to ask again. Raises
    CalledProcessError when it failed each time."""
    report = folder / "report.json"
    command = [
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    environment = {**os.environ, "CHROME_PATH": str(chromium())}
    for last in (False, False, True):
        if subprocess.run(command, env=environment, check=last).returncode == 0:
            break
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def weigh(browser: Browser, url: str) -> tuple[int, int]:
    """Bytes over the wire, heads included, of the first visit and of a second one by the same browser."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    weights = []
    for _visit in range(2):
        came.clear()
        page.goto(url, wait_until="load")
        page.wait_for_timeout(500)  # for what the scripts ask for
        weights.append(sum(came))
        page.goto("about:blank")
    context.close()
    return weights[0], weights[1]


def measure(browser: Browser, base: str, path: str, runs: int, folder: Path) -> Measured:
    reports = [ask_lighthouse(base + path, folder) for _run in range(runs)]
    first, again = weigh(browser, base + path)
    categories = [report["categories"] for report in reports]
    scores = {name: round(median(each[name]["score"] for each in categories) * 100) for name in CATEGORIES}
    audits = reports[-1]["audits"]
    faults = [
        f"{path}: {audits[each['id']]['title']}"
        for name in CATEGORIES
        if name != "performance"
        for each in categories[-1][name]["auditRefs"]
        if each["weight"] and audits[each["id"]]["score"] not in (None, 1)
    ]
    shift = median(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports)
    return Measured(path, scores, shift, first, again, faults)


def report(rows: list[Measured]) -> None:
    table = Table("page", *CATEGORIES, "shift", "first visit, kB", "again, kB", box=None, header_style="")
    for row in rows:
        scores = [str(row.scores[name]) for name in CATEGORIES]
        sizes = [f"{size / 1000:.1f}" for size in (row.first, row.again)]
        table.add_row(row.path, *scores, f"{row.shift:.3f}", *sizes)
    Console(width=120).print(table)
    for row in rows:
        for fault in row.faults:
            print(fault)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with the demonstration data already in it")
    parser.add_argument("--runs", type=int, default=3, help="the median of so many, of each page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as kept, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        folder = Path(kept)
        data = asked.data or folder
        os.environ |= {"HALL_DATA_DIR": str(data), "HALL_SEARCH_INDEX": str(data / "index"), "HALL_PORT": str(port)}
        os.environ["HALL_DATABASE_URL"] = f"sqlite:///{data / 'hall.sqlite'}"
        hall = [sys.executable, "-m", "scenario_hall"]
        if not asked.data:
            subprocess.run([*hall, "demo"], cwd=ROOT, check=True)
        _emails, places = demonstration_places(make_engine(load_settings().database_url))
        served = subprocess.Popen([*hall, "serve", "--no-worker", "--web-processes", "1"], cwd=ROOT)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(f"{base}/healthz")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
                rows = [
                    measure(browser, base, path.format(**places), asked.runs, folder)
                    for path in PATHS
                    if wait_for(base + path.format(**places)) is None  # the first answer compiles the template
                ]
                browser.close()
        finally:
            served.terminate()
            served.wait(20)
    report(rows)
    return 1 if any(row.misses() for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
