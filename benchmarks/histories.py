"""The whole history of a product or a scenario: written, saved, handed in, published and perhaps closed, in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.ledger import Ledger, Subject, columns_of
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.products.reading import SPECIFICATIONS_IN_TEXT
from scenario_hall.publishing.models import Publishable
from scenario_hall.publishing.reading import TextReading
from scenario_hall.publishing.revisions import changes
from scenario_hall.scenarios.models import Scenario, ScenarioRevision
from scenario_hall.scenarios.reading import REQUIREMENTS_IN_TEXT

STEP = timedelta(minutes=1)  # between two acts on a record
REASON = "已有合适的方案。"
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """What differs between products and scenarios."""

    table: type[Publishable]
    revision: type[ProductRevision] | type[ScenarioRevision]
    reading: TextReading[Any]
    publish: str  # the action of the lifecycle
    published_at: str

    @property
    def key(self) -> str:
        """The column of a revision that names its record."""
        return f"{self.table.subject}_id"


PRODUCT = Kind(Product, ProductRevision, SPECIFICATIONS_IN_TEXT, "list", "listed_at")
SCENARIO = Kind(Scenario, ScenarioRevision, REQUIREMENTS_IN_TEXT, "release", "released_at")


@dataclass(frozen=True)
class Prepared:
    """One record as it will stand, and what each of its saves changed. ``saves`` are lists of names of fields."""

    kind: Kind
    columns: dict[str, Any]
    public: dict[str, Any]
    title: str
    first: Content
    saves: Sequence[Sequence[str]]


def prepare(kind: Kind, first: Content, saves: Sequence[Content]) -> Prepared:
    """A record that was drafted with the first content and saved with each of the others, checked as a form is.
    Raises Invalid."""
    record = kind.table(state="", code="", organization_id=0)
    record.fill(first)
    changed: list[list[str]] = []
    for content in saves:
        reading = kind.reading.read_before_saving(record, content)
        before = record.content()
        record.fill(content)
        changed.append([each.field.name for each in changes(record.fields, before, record.content())])
        record.text_reading = reading
    return Prepared(kind, columns_of(record), record.public_content(), record.title, first, changed)


@dataclass(frozen=True)
class People:
    """Who writes for an organisation, and who reviews."""

    author: int
    organization: int
    reviewer: int


class Histories:
    """Writes histories into a ledger, records with the ids that follow those that are there."""

    def __init__(self, ledger: Ledger, next_ids: Mapping[str, int]) -> None:
        self.ledger = ledger
        self._next = dict(next_ids)

    def write(
        self, prepared: Prepared, people: People, at: datetime, *, is_closed: bool = False
    ) -> Callable[[datetime], None] | None:
        """Everything up to the publication, from ``at`` on, a step apart; of what ``is_closed`` later the row is written
        by what is returned, which closes it."""
        kind, ledger = prepared.kind, self.ledger
        table = kind.table
        number = self._next[table.subject]
        self._next[table.subject] = number + 1
        code = ledger.code(table.code_prefix, at)
        subject = Subject(table.subject, number, code)
        case = f"{table.subject}:{number}"
        ledger.line(table.drafted_event, at, people.author, subject, {"title": prepared.first.get("title", "")})
        ledger.act(people.author, people.organization, case, at)
        moment = at
        for fields in prepared.saves:
            moment += STEP
            ledger.line(table.saved_event, moment, people.author, subject, {"fields": list(fields)})
        submitted, published = moment + STEP, moment + 2 * STEP
        lifecycle = table.lifecycle
        handed_in = lifecycle.find(lifecycle.initial, "submit")
        assert handed_in is not None
        shown = lifecycle.find(handed_in.next, kind.publish)
        assert shown is not None
        title = {"title": prepared.title}
        told: dict[str, Any] = {"from": lifecycle.initial, "to": handed_in.next, **title}
        ledger.line(handed_in.event, submitted, people.author, subject, told)
        told = {"from": handed_in.next, "to": shown.next, **title, "revision": 1, "fields": []}
        ledger.line(shown.event, published, people.reviewer, subject, told)
        row = {
            **prepared.columns,
            "id": number,
            "state": shown.next,
            "version": 3 + len(prepared.saves),
            "created_at": at,
            "updated_at": published,
            "code": code,
            "organization_id": people.organization,
            "created_by": people.author,
            "submitted_at": submitted,
            "revision": 1,
            "substance_revision": 1,
            kind.published_at: published,
        }
        revision = {"number": 1, "content": prepared.public, "created_by": people.reviewer, "created_at": published}
        label = {"label": prepared.columns["version_label"]} if table is Product else {}
        ledger.add(kind.revision, {kind.key: number, "reason": "", **revision, **label})
        if is_closed:
            return lambda moment: self._close(prepared, people, subject, row, moment)
        ledger.add(table, row)
        return None

    def _close(self, prepared: Prepared, people: People, subject: Subject, row: dict[str, Any], at: datetime) -> None:
        table = prepared.kind.table
        closing = table.lifecycle.find(row["state"], "close")
        assert closing is not None
        told = {"from": row["state"], "to": closing.next, "reason": REASON, "title": prepared.title}
        self.ledger.line(closing.event, at, people.author, subject, told)
        ended = {"state": closing.next, "version": row["version"] + 1, "updated_at": at, "state_reason": REASON}
        self.ledger.add(table, {**row, **ended})
