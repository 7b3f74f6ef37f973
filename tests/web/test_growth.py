"""No page reads a whole table: what others have in the hall costs a reader nothing.

The work of the database is counted in steps of SQLite's virtual machine, about one for each column or row that it
touches: the same on every machine, however busy. ``HALL_GROWN=160 pytest -s tests/web/test_growth.py`` prints the
pages' times with so many copies of everything.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from scenario_hall.core import clock
from tests.growth import fill
from tests.web.access_table import OK, ROLES, TABLE
from tests.web.conftest import EMAILS

SMALL, LARGE = 30, int(os.environ.get("HALL_GROWN", "90"))
STEPS = 20  # SQLite tells after so many
# A search tree that is three times as wide is hardly deeper, and lists are full at the smaller size.
MOST_MORE, SLACK = 1.15, 150
# Whose times are printed.
TOLD = (
    ("/", "supplier"),
    ("/progress", "supplier"),
    ("/outcomes", "supplier"),
    ("/scenarios/{open}", "visitor"),
    ("/products/{listed}", "supplier"),
    ("/desk", "supplier"),
    ("/organizations/{port}/lacks", "demand"),
    ("/review/gaps", "administrator"),
    ("/review/overdue", "administrator"),
    ("/admin/matching/", "administrator"),
)
# Of pages that are open to everybody: nobody, somebody with records, somebody with queues.
EYES = ("visitor", "supplier", "administrator")
# What may grow, and why.
GROW = {
    "/outcomes?format=csv": "a file has the whole list",
    "/lists/": "a choice of at most 1,000 organisations, and there are fewer",
    "/review/overdue": "at most 200 rows, and there are fewer",
    "/review/follow-through": "at most 200 rows, and there are fewer",
    "/metrics": "counts letters by their state and accounts, for the operator, four times a minute",
    "/account/data": "looks into every table for what one person has left; an index on each would cost every write",
    "/account/data.json": "the same as a file",
}


@dataclass(frozen=True)
class Work:
    """What one answer took: steps of the database, and seconds of the processor."""

    steps: int
    seconds: float


class Meter:
    """Counts the steps of every statement of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.steps = 0
        event.listen(engine, "connect", self._watch)
        engine.dispose()  # so that every connection is a new one

    def _watch(self, connection: Any, _record: object) -> None:
        connection.set_progress_handler(self._count, STEPS)

    def _count(self) -> int:
        self.steps += STEPS
        return 0


def test_no_page_works_more_because_others_have_more(
    app: Flask,
    sqlite_engine: Engine,
    visitor: FlaskClient,
    as_person: Callable[[str], FlaskClient],
    places: dict[str, str],
    follow: Callable[[], None],
) -> None:
    follow()
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    visitor.set_cookie("own", "1")  # such a visitor's pages are not kept
    meter = Meter(app.extensions["hall_engine"])
    with clock.at(clock.now()):  # what is kept for a minute stays
        fill(sqlite_engine, range(1, SMALL + 1))
        small = work_of_pages(clients, places, meter)
        fill(sqlite_engine, range(SMALL + 1, LARGE + 1))
        large = work_of_pages(clients, places, meter)
    for page in TOLD:
        work = large[page]
        print(f"| `{page[0]}` ({page[1]}) | {small[page].steps:,} | {work.steps:,} | {1000 * work.seconds:.0f} |")
    grown = {
        (path, role): (small[path, role].steps, work.steps)
        for (path, role), work in large.items()
        if work.steps > MOST_MORE * small[path, role].steps + SLACK
    }
    assert {page: steps for page, steps in grown.items() if page[0] not in GROW} == {}
    assert {path for path, _ in grown} == set(GROW)  # no reason outlives what it excuses


def work_of_pages(
    clients: Mapping[str, FlaskClient], places: Mapping[str, str], meter: Meter
) -> dict[tuple[str, str], Work]:
    """(path, role) → what each page takes that the role may see. A page that only one may see is asked for twice: what
    is counted once for all its readers is none of the second's work."""
    found = {}
    for path, answers in TABLE.items():
        seen = [role for role, answer in zip(ROLES, answers, strict=True) if answer == OK]
        for role in EYES if len(seen) == len(ROLES) else seen if len(seen) > 1 else 2 * seen:
            steps, began = meter.steps, time.process_time()
            answer = clients[role].get(path.format(**places))
            assert answer.status_code == 200 and answer.data
            found[path, role] = Work(meter.steps - steps, time.process_time() - began)
    return found
