"""What of the log the public sees, as it happens: how an event of a public kind becomes a line of the feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.kind import FeedLine
from scenario_hall.log.kinds.table import KINDS, PUBLIC_KINDS
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

# Of an outcome's events; until it is approved it is a trial.
SIGNS = {"outcome.approved": "first", "outcome.revoked": "revoked"}
Row = TypeVar("Row", Scenario, Product, Outcome)


@dataclass(frozen=True)
class FeedItem:
    """One public line: what happened, to what, where to read on."""

    id: int
    at: datetime
    kind: str
    headline: str
    icon: str
    title: str
    note: str
    endpoint: str
    key: str
    count: int = 0
    sign: str = ""  # of the kind of record (``components/signs.css``)
    region: str = ""  # where it is, if the record says so

    @property
    def day(self) -> date:
        """The day on which people in Hong Kong saw it happen."""
        return local_day(self.at)


def by_day(lines: Sequence[FeedItem]) -> list[tuple[date, list[FeedItem]]]:
    """The lines under the days on which they happened, in their order."""
    return [(day, list(same)) for day, same in groupby(lines, key=lambda line: line.day)]


def latest(session: Session, limit: int = 20, *, before: int | None = None) -> list[FeedItem]:
    """The newest public lines; more are read, since some may no longer be public."""
    query = select(Event).where(col(Event.kind).in_(PUBLIC_KINDS)).order_by(col(Event.id).desc()).limit(2 * limit)
    if before is not None:
        query = query.where(col(Event.id) < before)
    return items(session, list(session.exec(query)))[:limit]


def items(session: Session, events: Sequence[Event]) -> list[FeedItem]:
    """The feed's lines for these events, in their order; those whose record is not public now are left out."""
    scenarios = _by_id(session, Scenario, events, "scenario")
    products = _by_id(session, Product, events, "product")
    outcomes = _by_id(session, Outcome, events, "outcome")
    found: list[FeedItem] = []
    for event in events:
        kind = KINDS.get(event.kind)
        if kind is None or kind.feed is None:
            continue
        item: FeedItem | None
        if kind.subject == "bulletin":
            item = _of_bulletin(event, kind.feed)
        elif kind.subject == "outcome":
            item = _of_outcome(session, event, kind.feed, outcomes.get(event.subject_id))
        else:
            records: Mapping[int, Scenario | Product] = scenarios if kind.subject == "scenario" else products
            item = _of_record(event, kind.feed, records.get(event.subject_id))
        if item is not None:
            found.append(item)
    return found


def _of_bulletin(event: Event, line: FeedLine) -> FeedItem:
    """Its title is the month, as its address has it."""
    return FeedItem(
        id=event.id,
        at=event.at,
        kind=event.kind,
        headline=line.headline,
        icon=line.icon,
        title=event.subject_code,
        note="",
        endpoint="bulletins.show",
        key=event.subject_code,
        sign="bulletin",
    )


def _of_record(event: Event, line: FeedLine, record: Scenario | Product | None) -> FeedItem | None:
    if record is None or not record.is_public():
        return None
    return FeedItem(
        id=event.id,
        at=event.at,
        kind=event.kind,
        headline=line.headline,
        icon=line.icon,
        title=record.title,
        note=record.organization.name,
        endpoint=f"{event.subject_kind}s.show",
        key=record.code,
        count=int(event.fields.get("matches", 0)),
        sign=record.subject,
        region=record.region if isinstance(record, Scenario) else record.organization.region,
    )


def _of_outcome(session: Session, event: Event, line: FeedLine, outcome: Outcome | None) -> FeedItem | None:
    if outcome is None or not (outcome.scenario.is_public() and outcome.product.is_public()):
        return None
    endpoint, key = "scenarios.show", outcome.scenario.code
    if event.kind == "outcome.on_notice":
        if not outcome.is_public():
            return None
        endpoint, key = "outcomes.show", outcome.code
    elif event.kind != "outcome.started":
        certificate = session.exec(select(Certificate).where(col(Certificate.outcome_id) == outcome.pk)).first()
        if certificate is None:
            return None
        endpoint, key = "outcomes.certificate", certificate.number
    return FeedItem(
        id=event.id,
        at=event.at,
        kind=event.kind,
        headline=line.headline,
        icon=line.icon,
        title=outcome.product.title,
        note=outcome.scenario.title,
        endpoint=endpoint,
        key=key,
        sign=SIGNS.get(event.kind, "trial"),
        region=outcome.scenario.region,
    )


def _by_id(session: Session, table: type[Row], events: Sequence[Event], kind: str) -> dict[int, Row]:
    ids = {event.subject_id for event in events if event.subject_kind == kind}
    return {row.pk: row for row in session.exec(select(table).where(col(table.id).in_(ids)))} if ids else {}
