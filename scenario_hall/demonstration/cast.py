"""The people, organisations and records of the demonstration, and the type of a step in its story."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from scenario_hall.applications.models import Application
from scenario_hall.core import clock
from scenario_hall.core.policy import Actor
from scenario_hall.core.stores import FileStore
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

DATA = Path(__file__).parent / "data"
ADMINISTRATORS = (("admin@hall.example", "林管理"), ("admin2@hall.example", "Ada Ho"))

Row = dict[str, Any]


@dataclass(order=True)
class Scene:
    """One step of the story: when, and in which order on that day."""

    days_ago: float = field(compare=False)
    sort: tuple[float, int] = field(init=False)
    order: int = 0
    play: Callable[[], object] = field(default=lambda: None, compare=False)

    def __post_init__(self) -> None:
        self.sort = (-self.days_ago, self.order)


def rows(name: str) -> Iterator[Row]:
    """Every row of ``name*.jsonl``."""
    for path in sorted(DATA.glob(f"{name}*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


class Stage:
    """The people and records of the demonstration, by the keys of its rows."""

    def __init__(self, session: Session, password: str, files: FileStore) -> None:
        self.session, self.password, self.files = session, password, files
        self.taxonomy: Taxonomy = load_taxonomy(session)
        self.people: dict[str, Account] = {}
        self.organizations: dict[str, Organization] = {}
        self.spokesmen: dict[str, Account] = {}
        self.scenarios: dict[str, Scenario] = {}
        self.products: dict[str, Product] = {}
        self.applications: dict[str, Application] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.opened: dict[str, tuple[float, float]] = {}

    @property
    def administrator(self) -> Actor:
        return actor_of(self.session, self.people[ADMINISTRATORS[0][0]])

    def speaker(self, organization: str) -> Actor:
        return actor_of(self.session, self.spokesmen[organization])

    @property
    def today(self) -> date:
        """The day on which the demonstration is loaded, whatever day the story is at."""
        return self._loaded_on

    _loaded_on = datetime.now(clock.HONG_KONG).date()

    def spokesman_of(self, organization_id: int) -> Account:
        key = next(key for key, each in self.organizations.items() if each.id == organization_id)
        return self.spokesmen[key]

    def reviewer(self, place: int) -> Actor:
        return actor_of(self.session, self.people[ADMINISTRATORS[place][0]])
