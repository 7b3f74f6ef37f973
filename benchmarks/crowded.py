"""What people notice while a long list is imported and matched: log-ins, letters, and how long a write waits.

A hall of its own is served as ``make run`` serves it. Beside the import of a list of products, and until all of it is
matched, somebody logs in every few seconds, a password letter is asked for, and a write transaction is begun that does
nothing: what it waits is the longest that anybody else held the database.
"""

from __future__ import annotations

import json
import re
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from benchmarks.corpus import vocabulary
from benchmarks.hall import SAID, served_hall, wait_until
from scenario_hall.config import ROOT, Settings, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.errors import HallError
from scenario_hall.core.slow import LONGEST_WRITE
from scenario_hall.demonstration.cast import ADMINISTRATORS
from scenario_hall.log.readers import lag_of
from scenario_hall.organizations.accounts import request_password_reset
from scenario_hall.organizations.models import Account
from scenario_hall.worker.readers import make_readers

LOG_IN_EVERY, LETTER_EVERY, WRITE_EVERY = 7.0, 10.0, 0.05  # seconds
PATIENCE = 3600.0


class Probe(threading.Thread):
    """Measures something again and again until it is told to stop; keeps seconds, and what failed."""

    def __init__(self, measure: Callable[[int], float], every: float) -> None:
        super().__init__(daemon=True)
        self.measure, self.every = measure, every
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.over.wait(self.every):
            try:
                self.seconds.append(self.measure(number))
            except (OSError, sqlite3.Error, TimeoutError, AssertionError, HallError) as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            number += 1

    def stop(self) -> None:
        self.over.set()
        self.join()


def main() -> None:
    rows = int(next((each for each in sys.argv[1:] if each.isdigit()), "20000"))
    with served_hall() as (base, folder):
        settings = load_settings()
        engine = make_engine(settings.database_url)
        with Session(engine) as session:
            emails = list(session.exec(select(Account.email).order_by(col(Account.id)).limit(200)))
        probes = {
            "log-in": Probe(
                lambda number: log_in(base, emails[number % len(emails)], settings.demo_password), LOG_IN_EVERY
            ),
            "letter": Probe(lambda number: letter(folder, emails[number % len(emails)], number), LETTER_EVERY),
            "write": Probe(lambda _number: write(folder), WRITE_EVERY),
        }
        path = write_list(folder, rows)
        try:
            for probe in probes.values():
                probe.start()
            begun = time.perf_counter()
            take(path, folder / SAID)
            imported = time.perf_counter() - begun
            wait_until(lambda: all_is_matched(engine, settings), PATIENCE, every=1.0)
            matched = time.perf_counter() - begun
        finally:
            for probe in probes.values():
                probe.stop()
        holds = long_writes(folder / SAID)
    report(rows, imported, matched, probes, holds)


def take(path: Path, said: Path) -> None:
    """Import the list as the first administrator and release all of it; raises CalledProcessError."""
    command = [sys.executable, "-m", "scenario_hall", "import", "products", str(path), "--release"]
    with said.open("ab") as log:
        subprocess.run([*command, "--as", ADMINISTRATORS[0][0]], cwd=ROOT, check=True, stdout=log, stderr=log)


def long_writes(said: Path) -> list[float]:
    """Seconds of each transaction that held the lock for writing longer than it may, as the processes logged them."""
    return sorted(float(held) for held in re.findall(r"long write, ([0-9.]+) s", said.read_text("utf-8")))


def all_is_matched(engine: Engine, settings: Settings) -> bool:
    with Session(engine) as session:
        return not any(lag_of(session, reader).events for reader in make_readers(settings))


def write_list(folder: Path, rows: int) -> Path:
    """Products of words with a natural distribution, as JSON lines."""
    words, path = vocabulary(), folder / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            title = "".join(words[(number * step) % 4000] for step in (7, 11, 13))
            summary = "，".join(words[(number * step) % 9000] for step in (3, 5, 17, 19, 23, 29, 31, 37))
            row = {
                "id": f"many-{number}",
                "title": f"{title}{number}",
                "summary": f"{summary}，续航时间{number % 90 + 10}分钟。",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def log_in(base: str, email: str, password: str) -> float:
    """Seconds from asking for the log-in page to the first page behind it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    begun = time.perf_counter()
    page = browser.open(f"{base}/login", timeout=30).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, "the log-in page has no form"
    form = {"csrf_token": token[1], "email": email, "password": password}
    answer = browser.open(f"{base}/login", urllib.parse.urlencode(form).encode(), timeout=30)
    assert "/desk" in answer.url, f"{email} was not let in"
    return time.perf_counter() - begun


def letter(folder: Path, email: str, number: int) -> float:
    """Seconds from the commit of the wish for a password letter to the letter in the outbox."""
    outbox = folder / "outbox"
    before = set(outbox.glob("*.eml"))
    with Session(make_engine(load_settings().database_url)) as session:
        request_password_reset(session, email=email, address=f"10.{number // 250}.{number % 250}.1")
    begun = time.perf_counter()
    while time.perf_counter() - begun < 120:
        if any(f"To: {email}" in path.read_text() for path in set(outbox.glob("*.eml")) - before):
            return time.perf_counter() - begun
        time.sleep(0.05)
    raise TimeoutError(f"no letter to {email} within two minutes")


def write(folder: Path) -> float:
    """Seconds that a write transaction waits for its turn."""
    base = sqlite3.connect(folder / "hall.sqlite", timeout=30, isolation_level=None)
    begun = time.perf_counter()
    while True:
        try:
            base.execute("PRAGMA busy_timeout=0")
            base.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError:
            if time.perf_counter() - begun > 30:
                raise
            time.sleep(0.002)
    waited = time.perf_counter() - begun
    base.execute("ROLLBACK")
    base.close()
    return waited


def report(rows: int, imported: float, matched: float, probes: dict[str, Probe], holds: list[float]) -> None:
    table = {
        name: {
            "times": len(probe.seconds),
            "failed": len(probe.failures),
            "p50_ms": round(statistics.median(probe.seconds) * 1000, 1) if probe.seconds else None,
            "p95_ms": round(statistics.quantiles(probe.seconds, n=20)[-1] * 1000, 1)
            if len(probe.seconds) > 1
            else None,
            "max_ms": round(max(probe.seconds, default=0) * 1000, 1),
        }
        for name, probe in probes.items()
    }
    if "--json" in sys.argv:
        told = {"products": rows, "imported_s": imported, "matched_s": matched, "long_writes_s": holds, **table}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{rows} products, imported in {imported:.0f} s, matched {matched:.0f} s after the import began")
    for name, row in table.items():
        print(
            f"  {name:<7} {row['times']:>6} times, {row['failed']} failed, p50 {row['p50_ms']} ms, p95 {row['p95_ms']} ms, "
            f"longest {row['max_ms']} ms"
        )
    print(f"  transactions that held the lock for writing over {LONGEST_WRITE} s: {len(holds)} {holds or ''}".rstrip())
    for name, probe in probes.items():
        for failure in probe.failures[:3]:
            print(f"  {name}: {failure}")


if __name__ == "__main__":
    main()
