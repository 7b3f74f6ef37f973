"""Many open feeds and people at work in one hall that is served as ``make run`` serves it: how much slower its pages are
than those of an idle one, what its memory and its readers do, and that nobody gets an error.

Somebody opens the same pages in turn the whole time: first alone, then beside all the others. Everything runs on one
machine, so what holds the feeds and plays the people takes its share of the same cores.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from scenario_hall.config import ROOT
from tests.soak.figures import Figure
from tests.soak.people import Browser, Person, Visits
from tests.soak.watch import Watch, Watched, family_of, memory_of, wait_for_readers

PART = "load"
SLOWER, GROWN, LAG = 1.5, 1.05, 10.0  # the bounds: times as slow, times as large, seconds
CATCH_UP = 60.0
PEOPLE_FOR_LINES, SECONDS_FOR_LINES = 10, 60.0
ASKED = ("/", "/scenarios/", f"/search?q={quote('无人机巡检')}", "/products/", "/desk", "/outcomes")


@dataclass(frozen=True)
class Load:
    """How much of it, and for how long (seconds). ``think``: between two acts of one person, on average. ``warm``: how
    long they are at it before anything is measured."""

    feeds: int
    people: int
    seconds: float
    idle: float
    think: float
    pause: float = 0.25  # between two measured pages
    warm: float = 0.0


def load(base: str, pid: int, accounts: Sequence[tuple[str, str]], much: Load) -> list[Figure]:
    """Measure the hall at ``base``, whose processes are ``pid`` and its children; ``accounts``: addresses and passwords,
    the first of which opens the measured pages."""
    wait_for_readers(base, CATCH_UP)
    visits, measured = Visits(), Visits()
    asking = Browser(base, "10.1.0.1", measured)
    asking.log_in(*accounts[0])
    ask_in_turn(asking, until=time.monotonic() + much.idle / 4, pause=0.0)  # pages are compiled, caches fill
    idle = ask_in_turn(asking, until=time.monotonic() + much.idle, pause=much.pause)
    begun_with = sum(memory_of(each) for each in family_of(pid))
    over = threading.Event()
    people = [
        Person(
            Browser(base, f"10.{number + 2}.0.1", visits),
            accounts[number % len(accounts)],
            think=much.think,
            over=over,
            seed=number,
        )
        for number in range(much.people)
    ]
    with open_feeds(base, much.feeds) as heard:
        for person in people:
            person.start()
        # What reads prose, matches and draws is loaded by the first who needs it, in each process: that is no growth.
        over.wait(much.warm)
        watch = Watch(base, pid, every=max(0.2, much.seconds / 120))
        watch.start()
        loaded = ask_in_turn(asking, until=time.monotonic() + much.seconds, pause=much.pause)
        over.set()
        for person in people:
            person.join()
        seen = watch.stop()
        wait_for_readers(base, CATCH_UP)
    faults = [*measured.faults, *visits.faults]
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    return [
        *_of_pages(idle, loaded),
        *_of_people(visits, faults),
        *_of_feeds(heard, much),
        *_of_processes(seen, begun_with),
    ]


def ask_in_turn(browser: Browser, *, until: float, pause: float) -> list[float]:
    """Open the measured pages one after the other until then, each at least once; the seconds of each answer."""
    before, number = len(browser.visits.seconds), 0
    while time.monotonic() < until or number < len(ASKED):
        browser.open(ASKED[number % len(ASKED)])
        number += 1
        time.sleep(pause)
    return browser.visits.seconds[before:]


@contextmanager
def open_feeds(base: str, count: int) -> Iterator[dict[str, Any]]:
    """So many feeds in a process of their own, all open; what they heard is there at the end."""
    address = urlsplit(base)
    command = [sys.executable, "-m", "tests.soak.feeds", str(address.hostname), str(address.port), str(count)]
    held = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ))
    assert held.stdout is not None and held.stdin is not None
    try:
        heard: dict[str, Any] = json.loads(held.stdout.readline())
        yield heard
        held.stdin.close()
        heard.update(json.loads(held.stdout.readline()))
    finally:
        held.kill()
        held.wait()
        held.stdout.close()


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def _of_pages(idle: Sequence[float], loaded: Sequence[float]) -> list[Figure]:
    return [
        Figure(PART, f"pages, idle: p95 of {len(idle)}", p95(idle) * 1000, "ms"),
        Figure(PART, f"pages, loaded: p95 of {len(loaded)}", p95(loaded) * 1000, "ms"),
        Figure(PART, "pages: loaded p50 / idle p50", statistics.median(loaded) / statistics.median(idle)),
        Figure(PART, "pages: loaded p95 / idle p95", p95(loaded) / p95(idle), most=SLOWER),
    ]


def _of_people(visits: Visits, faults: Sequence[str]) -> list[Figure]:
    acts = ", ".join(f"{count} {name}" for name, count in sorted(visits.acts.items()))
    return [
        Figure(PART, "people: requests", visits.statuses.total(), least=1),
        Figure(PART, f"people: acts ({acts})", visits.acts.total(), least=1),
        Figure(PART, "answers of 500 and more, or none at all", len(faults), most=0),
    ]


def _of_feeds(heard: dict[str, Any], much: Load) -> list[Figure]:
    return [
        Figure(PART, "feeds: open at once", heard["open"], least=much.feeds),
        Figure(PART, "feeds: refused at first", heard["refused"]),
        Figure(PART, "feeds: ended before they were closed", heard["ended"], most=0),
        # Without any, nothing is known of how late they are.
        Figure(PART, "feeds: lines heard", heard["kinds"].get("line", 0), least=_least_lines(much)),
        Figure(PART, "feeds: from an entry to its line, p99", heard["late_p99"], "s"),
        Figure(PART, "feeds: from an entry to its line, longest", heard["late_most"], "s", most=LAG),
    ]


def _least_lines(much: Load) -> float | None:
    """In a minute somebody posts, and an administrator releases it."""
    return float(much.feeds) if much.people >= PEOPLE_FOR_LINES and much.seconds >= SECONDS_FOR_LINES else None


def _of_processes(seen: Watched, begun_with: float) -> list[Figure]:
    """``begun_with``: megabytes of all processes before the people came."""
    first, last = seen.whole()
    return [
        Figure(PART, "readers: furthest behind", max(seen.lags, default=0.0), "s", most=LAG),
        Figure(PART, "readers: furthest behind", max(seen.events, default=0), "entries"),
        Figure(PART, "looks at which the hall was not ready", seen.not_ready, most=0),
        Figure(PART, "memory of all processes before people came", begun_with, "MB"),
        Figure(PART, "memory of all processes when they had been at it for a while", first, "MB"),
        Figure(PART, "memory of all processes at the end", last, "MB"),
        Figure(PART, "memory: last quarter / second quarter, of the worst process", seen.growth(), most=GROWN),
    ]
