"""What one of each costs, in CPU time, and how many processors a city, the province and the country would need by that.

A hall of its own on SQLite, in this process: its people post scenarios and list products, the readers follow, pages are
asked, feeds are open. CPU time, unlike a clock's, says the same on a machine that others use as well; what waits for a
disk or a network is not in it. ``docs/scale.md`` says what the loads are taken from.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from benchmarks.corpus import documents, queries
from benchmarks.hall import settings_of
from scenario_hall.app import create_app
from scenario_hall.config import Settings, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.policy import Actor
from scenario_hall.log.chain import last_id
from scenario_hall.log.readers import catch_up
from scenario_hall.notices.models import StoredLetter
from scenario_hall.notices.sender import LetterSender
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.accounts import actor_of, register_account, set_administrator
from scenario_hall.organizations.models import Account, Organization, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.products import service as products
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from scenario_hall.schema import upgrade
from scenario_hall.taxonomy.service import seed_taxonomy
from scenario_hall.web.public import live
from scenario_hall.worker.readers import make_readers

SYSTEM = Actor(name="bench", is_confirmed=True, is_system=True)
SCENARIOS, PRODUCTS, ASKED, KEPT, FEEDS = 40, 80, 40, 300, 1000
EMAIL, PASSWORD = "a@bench.example", "a long enough password"

# What happens in the busiest hour, a second, by unit. See docs/scale.md for where each number is from.
LOADS: dict[str, dict[str, float]] = {
    "a city": {"built page": 10, "kept page": 20, "search": 3, "log-in": 0.5, "event": 1, "letter": 0.5, "feed": 200},
    "the province": {
        "built page": 100,
        "kept page": 200,
        "search": 30,
        "log-in": 5,
        "event": 10,
        "letter": 5,
        "feed": 2000,
    },
    "the country": {
        "built page": 1000,
        "kept page": 2000,
        "search": 300,
        "log-in": 50,
        "event": 100,
        "letter": 50,
        "feed": 20_000,
    },
}
# Records that are matched in that hour, and against how many.
MATCHED: dict[str, tuple[float, int]] = {
    "a city": (0.02, 5_000),
    "the province": (0.2, 200_000),
    "the country": (2.0, 1_000_000),
}
LINES_A_SECOND = 0.2  # that an open feed is told: what is public of the events, bundled
# What one record more to be compared with adds to a match: ``bench 100000 --only search``, 2.8 ms for 100,000.
COMPARED_SECONDS = 2.8e-3 / 100_000


@dataclass
class Hall:
    """A hall with a demand and a supply side, and whoever decides."""

    settings: Settings
    engine: Engine
    session: Session
    administrator: Account
    demand: Organization
    supply: Organization


@dataclass
class Units:
    """CPU seconds of one each."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str, count: Callable[[], float]) -> Iterator[None]:
        """Of what is done meanwhile, by how many it was in the end."""
        begun = time.process_time()
        yield
        used = time.process_time() - begun
        self.seconds[name] = used / count()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(load_settings(settings_of(Path(folder), HALL_MEANING="off")))
    report(found)


def measure(settings: Settings) -> dict[str, float]:
    """CPU seconds by unit."""
    engine, units = make_engine(settings.database_url), Units()
    upgrade(engine)
    with Session(engine) as session:
        hall = open_hall(settings, engine, session)
        write(hall, units)
        follow(hall, units)
        app = create_app(settings)
        ask(hall, app, units)
        feed(hall, app, units)
    engine.dispose()
    return units.seconds


def open_hall(settings: Settings, engine: Engine, session: Session) -> Hall:
    seed_taxonomy(session)
    person = register_account(session, email=EMAIL, name="A", password=PASSWORD, is_confirmed=True)
    set_administrator(SYSTEM, session=session, account=person, is_administrator=True)
    sides = []
    for number, side in enumerate((Side.DEMAND, Side.SUPPLY)):
        details = organizations.OrganizationDetails(
            name=f"湾澜{number}",
            side=side,
            registration_kind=RegistrationKind.HK_BR,
            registration_number=f"1000000{number}",
            region="440300",
        )
        # Somebody's, so that what becomes of its records is told by a letter.
        owner = register_account(
            session, email=f"{number}@bench.example", name="B", password=PASSWORD, is_confirmed=True
        )
        made = organizations.create_organization(actor_of(session, owner), session=session, details=details)
        decides = actor_of(session, person)
        organizations.act_on_organization(decides, session=session, organization=made, action="verify")
        sides.append(made)
    return Hall(settings, engine, session, person, *sides)


def write(hall: Hall, units: Units) -> None:
    """Drafts, submissions and releases: an event each, with all that a service does for it."""
    session, decides = hall.session, actor_of(hall.session, hall.administrator)
    before = last_id(session)
    with units.of("event", lambda: last_id(session) - before):
        for document in documents(PRODUCTS, "product"):
            content = {
                "title": document.title,
                "summary": document.body,
                "limits": "不适用于7级以上大风。",
                "domains": list(document.domains),
                "readiness_level": 8,
                "earlier_uses": "无",
            }
            product = products.create_product(SYSTEM, session=session, organization=hall.supply, content=content)
            products.submit_product(SYSTEM, session=session, product=product, version=None)
            products.list_product(decides, session=session, product=product, version=None)
        for document in documents(SCENARIOS, "scenario"):
            release(hall, document.title, document.body, list(document.domains))


def release(hall: Hall, title: str, body: str, domains: list[str]) -> None:
    content = {
        "title": title,
        "situation": body,
        "wanted_result": title,
        "domains": domains,
        "region": "440300",
        "contact_name": "b",
        "contact_email": "b@b.example",
    }
    made = scenarios.create_scenario(SYSTEM, session=hall.session, organization=hall.demand, content=content)
    scenarios.submit_scenario(SYSTEM, session=hall.session, scenario=made, version=None)
    decides = actor_of(hall.session, hall.administrator)
    scenarios.release_scenario(decides, session=hall.session, scenario=made, version=None)


def follow(hall: Hall, units: Units) -> None:
    """The readers, each from the first event on."""
    names = {"search": "indexed record", "matcher": "matched record"}
    for reader in make_readers(hall.settings):
        if reader.name == "mail":
            with units.of("letter", lambda: letters(hall)):
                catch_up(hall.engine, reader)
                sender = LetterSender(hall.engine, hall.settings)
                while sender.run_slice(60.0):
                    pass
        else:
            with units.of(names.get(reader.name, reader.name), lambda: SCENARIOS + PRODUCTS):
                catch_up(hall.engine, reader)


def letters(hall: Hall) -> int:
    hall.session.rollback()
    return hall.session.exec(select(func.count()).select_from(StoredLetter)).one()


def ask(hall: Hall, app: Flask, units: Units) -> None:
    """Pages, each first once without being counted: templates are compiled then."""
    visitor, person = app.test_client(), app.test_client()
    form = {"csrf_token": token(person), "email": EMAIL, "password": PASSWORD}
    codes = list(hall.session.exec(select(Scenario.code)))
    app.test_client().post("/login", data=form)  # without a token, which compiles the templates
    with units.of("log-in", lambda: 1):
        person.post("/login", data=form)
    words = [" ".join(each) for each in queries(ASKED + 1, 1, 3)]
    for name, client, paths in (
        ("built page", person, [f"/scenarios/{code}" for code in codes]),
        ("search", person, [f"/search?q={each}" for each in words]),
        ("kept page", visitor, [f"/scenarios/{codes[0]}"] * KEPT),
    ):
        require(client, paths[0])
        with units.of(name, lambda paths=paths: len(paths) - 1):  # type: ignore[misc]
            for path in paths[1:]:
                require(client, path)


def require(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    if found is None:
        raise RuntimeError("the form has no token")
    return found[1]


def feed(hall: Hall, app: Flask, units: Units) -> None:
    """One line to each of a thousand open feeds, through a socket."""
    with app.test_request_context():
        follower = live.Follower(hall.engine)
        feeds = [live._stream(follower, None) for _ in range(FEEDS)]
        for each in feeds:
            next(each)  # how soon to come again
            next(each)  # the figures
        at = follower.position
        release(hall, "港口岸桥夜间无人机巡检", "夜间巡检", ["low-altitude"])
        while follower.position <= at or not follower.lines:
            time.sleep(0.01)
        here, there = socket.socketpair()
        with units.of("line to a feed", lambda: FEEDS):
            for each in feeds:
                here.send(next(each).encode())
                there.recv(65_536)
        here.close()
        there.close()


def processors(units: dict[str, float], load: str) -> dict[str, float]:
    """How many processors each kind of work keeps busy under ``load``, by unit."""
    rates = LOADS[load]
    found = {name: rate * units[name] for name, rate in rates.items() if name != "feed"}
    found["feed"] = rates["feed"] * LINES_A_SECOND * units["line to a feed"]
    matched, against = MATCHED[load]
    found["matched record"] = matched * (units["matched record"] + against * COMPARED_SECONDS)
    found["indexed record"] = matched * units["indexed record"]
    return found


def report(units: dict[str, float]) -> None:
    if "--json" in sys.argv:
        print(json.dumps({"milliseconds": {name: round(1000 * value, 4) for name, value in units.items()}}))
        return
    print("milliseconds of CPU for one")
    for name, value in units.items():
        print(f"  {name:<18}{1000 * value:>10.3f}")
    print("\nprocessors kept busy in the busiest hour")
    kinds = list(processors(units, next(iter(LOADS))))
    for load in LOADS:
        busy = processors(units, load)
        parts = ", ".join(f"{name} {busy[name]:.2f}" for name in sorted(kinds, key=busy.__getitem__, reverse=True))
        print(f"  {load:<14}{sum(busy.values()):>8.1f}   {parts}")


if __name__ == "__main__":
    main()
