"""The grown hall: many products, scenarios and lines of the log, built once and kept under a cache folder.

Its organisations are registered by the services; the histories of its records are written in bulk (``histories.py``),
the index and the stored matches made by ``rebuild`` and the matcher, and the demonstration's story is then played in it,
so that every page has something to show. ``python -m benchmarks.grown_hall [PRODUCTS]`` builds it and says how long each
step took.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from benchmarks.corpus import SEED, vocabulary, zipf
from benchmarks.hall import settings_of
from benchmarks.histories import PRODUCT, SCENARIO, Content, Histories, Kind, People, Prepared, prepare
from benchmarks.ledger import Ledger
from scenario_hall.cli.context import prepare as prepared_database
from scenario_hall.config import ROOT, Settings, load_settings
from scenario_hall.core import clock
from scenario_hall.core.policy import SYSTEM
from scenario_hall.log.chain import last_id, move_cursor
from scenario_hall.log.readers import DatabaseReader
from scenario_hall.log.tree import grow
from scenario_hall.organizations import accounts
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.models import Account, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import TagKind, load_shipped_tags
from scenario_hall.worker.readers import make_readers, match_reader

CACHE = ROOT / ".cache" / "grown"
VERSION = 1  # raised when what is built changes
# Before the demonstration's story begins, over a bit more than three years.
FIRST_DAY, LAST_DAY = 1825, 620
RECORDS_OF_A_SUPPLIER, RECORDS_OF_A_POSTER = 350, 100
OPEN_SCENARIOS = 5  # one in so many takes applications, the others were closed
CHUNK = 100


@dataclass(frozen=True)
class Size:
    """How much a hall holds, the demonstration not counted. ``lines``: of the log, about."""

    products: int = 100_000
    scenarios: int = 20_000
    lines: int = 1_000_000

    @classmethod
    def of(cls, products: int) -> Size:
        return cls(products, products // 5, products * 10)

    @property
    def records(self) -> int:
        return self.products + self.scenarios

    @property
    def saves(self) -> float:
        """How often a record is saved before it is handed in, so that the log gets its lines."""
        closed = self.scenarios - self.scenarios // OPEN_SCENARIOS
        return max(0.0, (self.lines - 3 * self.records - closed) / self.records)


def grown_hall(size: Size) -> Path:
    """The data folder of a hall of this size; built now unless it is kept from a run before."""
    folder = CACHE / f"{VERSION}-{size.products}-{size.scenarios}-{size.lines}"
    if not (folder / "built.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        os.environ.update(settings_of(folder))
        steps = build(load_settings(), size)
        (folder / "built.json").write_text(json.dumps({"size": asdict(size), "seconds": steps}, indent=1), "utf-8")
    return folder


def build(settings: Settings, size: Size, *, with_story: bool = True) -> dict[str, float]:
    """Build the hall that the settings name; returns the seconds of each step."""
    steps: dict[str, float] = {}

    @contextmanager
    def told(step: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        steps[step] = round(time.perf_counter() - begun, 1)
        print(f"  {step}: {steps[step]} s", file=sys.stderr, flush=True)

    engine = prepared_database(settings)
    with told("organisations"):
        people = register(engine, settings, size)
    with told("records and log"):
        write_histories(engine, size, *people)
    with told("tree over the log"), Session(engine) as session:
        grow(session)
    with told("index"), Session(engine) as session:
        rebuild(session, WhooshIndex(settings.search_index))
    with told("matches"), Session(engine) as session:
        match_reader(settings).recompute(session)
    settle(engine, settings)
    engine.dispose()
    if with_story:
        with told("demonstration"):
            subprocess.run(
                [sys.executable, "-m", "scenario_hall", "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )
    return steps


def settle(engine: Engine, settings: Settings) -> None:
    """Every reader stands at the log's end: letters of years ago were sent, and the rest was done above."""
    with Session(engine) as session:
        for reader in make_readers(settings):
            if isinstance(reader, DatabaseReader):
                move_cursor(session, reader.name, after=reader.position(session), position=last_id(session))
        session.commit()


def register(engine: Engine, settings: Settings, size: Size) -> tuple[list[People], list[People]]:
    """The posting organisations and the suppliers, each with one person, and an administrator who verifies them."""
    begun = clock.now() - timedelta(days=FIRST_DAY + 1)
    with Session(engine) as session, clock.at(begun):
        person = partial(accounts.register_account, session, password=settings.demo_password, is_confirmed=True)
        reviewer = person(email="office@grown.example", name="评审办公室")
        accounts.set_administrator(SYSTEM, session=session, account=reviewer, is_administrator=True)
        office = accounts.actor_of(session, reviewer)

        def body(number: int, side: Side) -> People:
            name = f"{'应用' if side is Side.DEMAND else '供应'}单位{number}"
            owner: Account = person(email=f"{side}{number}@grown.example", name=name)
            details = organizations.OrganizationDetails(
                name=name,
                side=side,
                registration_kind=RegistrationKind.HK_BR,
                registration_number=str(30_000_000 + number + 500_000 * (side is Side.SUPPLY)),
                region="440300",
            )
            made = organizations.create_organization(
                accounts.actor_of(session, owner), session=session, details=details
            )
            organizations.act_on_organization(office, session=session, organization=made, action="verify")
            return People(owner.pk, made.pk, reviewer.pk)

        posting = [body(number, Side.DEMAND) for number in range(1 + size.scenarios // RECORDS_OF_A_POSTER)]
        supplying = [body(number, Side.SUPPLY) for number in range(1 + size.products // RECORDS_OF_A_SUPPLIER)]
    return posting, supplying


def write_histories(engine: Engine, size: Size, posting: Sequence[People], supplying: Sequence[People]) -> None:
    """Every record's history, one after the other, in one transaction."""
    now = clock.now()
    span = timedelta(days=FIRST_DAY - LAST_DAY) / max(1, size.records)
    vocabulary()
    closings: dict[int, list[Callable[[datetime], None]]] = {}
    with engine.connect().execution_options(hall_writes=True) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        ids = {table.subject: (connection.scalar(select(func.max(table.id))) or 0) + 1 for table in (Product, Scenario)}
        ledger = Ledger(connection)
        histories = Histories(ledger, ids)
        with get_context("fork").Pool() as pool:
            made = pool.imap(partial(_made, size), range(size.records), chunksize=CHUNK)
            for number, prepared in enumerate(made):
                at = clock_of(now - timedelta(days=FIRST_DAY) + number * span)
                for close in closings.pop(number, ()):
                    close(at)
                is_scenario = prepared.kind.table is Scenario
                owners = posting if is_scenario else supplying
                # Which of an owner's records are closed has nothing to do with the owner.
                is_closed = is_scenario and (number // len(owners)) % OPEN_SCENARIOS != 0
                later = histories.write(prepared, owners[number % len(owners)], at, is_closed=is_closed)
                if later is not None:
                    closings.setdefault(min(size.records, number + size.records // 20 + 1), []).append(later)
        for _, waiting in sorted(closings.items()):
            for close in waiting:
                close(clock_of(now - timedelta(days=LAST_DAY)))
        ledger.write()


def clock_of(at: datetime) -> datetime:
    """To the millisecond, as the hall's clock gives it."""
    with clock.at(at):
        return clock.now()


def _made(size: Size, number: int) -> Prepared:
    """The record of this number; every so many is a scenario. The same in every run."""
    every = max(1, size.records // max(1, size.scenarios))
    kind = SCENARIO if number % every == 0 and number // every < size.scenarios else PRODUCT
    saves = int(size.saves) + (number % 100 < 100 * (size.saves % 1))
    generator = np.random.default_rng([SEED, number])
    contents = list(_contents(kind, number, generator))
    edits: list[Content] = [
        {"limits" if kind is PRODUCT else "timetable": f"第{each}稿。"} for each in range(1, saves - len(contents) + 2)
    ]
    # What is needed is there however few saves there are.
    first = {name: value for content in contents[: max(1, len(contents) - saves)] for name, value in content.items()}
    return prepare(kind, first, [*edits, *contents[max(1, len(contents) - saves) :]])


def _contents(kind: Kind, number: int, generator: np.random.Generator) -> Iterator[dict[str, Any]]:
    """What is written of a record, save by save."""
    words = [vocabulary()[rank] for rank in zipf(generator, 50).tolist()]
    parts = ["".join(words[begin : begin + 8]) for begin in range(5, 50, 8)]
    tags, domains = _slugs()
    yield {"title": "".join(words[:5])}
    prose = "，".join(parts)
    budget = int(10 ** generator.uniform(4.5, 7))
    region = REGIONS[int(generator.integers(len(REGIONS)))].code
    chosen = {
        "domains": [domains[int(generator.integers(len(domains)))]],
        "tags": [tags[int(generator.integers(len(tags)))]],
    }
    if kind is PRODUCT:
        yield {"summary": f"{prose}，续航时间{number % 90 + 10}分钟。", "earlier_uses": "无。"}
        yield chosen
        lines = [{"metric": "续航时间", "value": 10 + number % 90, "unit": "分钟"}]
        yield {"specifications": [*lines, {"metric": "载重", "value": 1 + number % 20, "unit": "kg"}]}
        sums = {"price_min": budget, "price_max": 2 * budget}
        yield {"readiness_level": 3 + number % 7, "regions_served": [region], **sums}
        return
    yield {"situation": f"{prose}。", "wanted_result": f"{parts[0]}，续航时间不少于{number % 60 + 20}分钟。"}
    yield {**chosen, "region": region}
    line = {"metric": "续航时间", "comparison": "at_least", "value": 20 + number % 60, "unit": "分钟"}
    yield {"requirements": [{**line, "necessity": "must"}]}
    yield {
        "budget_min": budget,
        "budget_max": 2 * budget,
        "contact_name": f"联系人{number}",
        "contact_email": f"contact{number}@grown.example",
    }


@cache
def _slugs() -> tuple[list[str], list[str]]:
    """Of all tags, and of the domains among them."""
    tags = load_shipped_tags()
    return [tag.slug for tag in tags], [tag.slug for tag in tags if tag.kind is TagKind.DOMAIN]


if __name__ == "__main__":
    asked = next((int(each) for each in sys.argv[1:] if each.isdigit()), 100_000)
    print(grown_hall(Size.of(asked)))
