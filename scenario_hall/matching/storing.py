"""Stores what the matcher found, with the sums that count it, and tells of it where it is news."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, move_cursor, record_event
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.kinds.table import kinds_for
from scenario_hall.log.readers import Batch
from scenario_hall.matching.engine.pairing import RULES_VERSION, WEIGHTS
from scenario_hall.matching.gap_sums import count_missing, replace_matches
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

logger = logging.getLogger(__name__)
NEWS = timedelta(minutes=10)
RECORDS_A_TRANSACTION = 10  # each stores up to KEPT rows, and the write lock is held for less than 0.3 s
# Events within a minute of each other; more is a list that is taken in, not something that happens. Told by the log:
# a batch has as many as fit into its time, and those of a list come in many batches.
MOST_NEWS, AT_ONCE = 60, timedelta(minutes=1)


@dataclass(frozen=True)
class Matched:
    """What one record matches: rows of ``StoredMatch``, the best first; ``is_open``: whether it takes part at all."""

    table: type[Scenario] | type[Product]
    key: int
    is_open: bool
    rows: Sequence[Mapping[str, Any]]


def prepare_sums(session: Session) -> None:
    """Count the stored matches that no sum counts yet; a hall that is older than the sums has all of them."""
    if count := count_missing(session):
        logger.info("the gaps in supply of %s open scenarios were counted", count)


def store_matches(session: Session, reader: str, batch: Batch, found: Sequence[Matched]) -> None:
    """Store what was matched in transactions that are short, tell of it where it is news, and move the cursor."""
    for begin in range(0, len(found), RECORDS_A_TRANSACTION):
        with transaction(session):
            for matched in found[begin : begin + RECORDS_A_TRANSACTION]:
                store_one(session, matched)
    is_news = _is_news(session, batch.events)
    with transaction(session):
        if is_news:
            for matched in found:
                _record_news(session, matched)
        move_cursor(session, reader, after=batch.after, position=batch.position)


def store_one(session: Session, matched: Matched) -> None:
    """Within the caller's transaction, with the sums that count them."""
    record = session.get(Scenario, matched.key) if matched.table is Scenario else session.get(Product, matched.key)
    if record is None:
        return  # a draft that was deleted meanwhile never had a match
    replace_matches(session, record, matched.rows, is_open=matched.is_open)


def _record_news(session: Session, matched: Matched) -> None:
    count = sum(
        not row["has_unmet_must"] and row["score"] is not None and row["score"] >= WEIGHTS.qualifies
        for row in matched.rows
    )
    record = session.get(matched.table, matched.key) if count else None
    if record is not None:
        kind = "scenario.matched" if isinstance(record, Scenario) else "product.matched"
        record_event(session, None, record, kind, {"title": record.title, "matches": count, "rules": RULES_VERSION})


def _is_news(session: Session, events: Sequence[Event]) -> bool:
    """Is the last event recent? What a list or a story of past weeks brings is matched, but no news to the hall."""
    if not events or events[-1].at <= now() - NEWS:
        return False
    last = events[-1].at
    around = select(Event.at).where(col(Event.kind).in_(kinds_for(ReaderName.MATCHER)), col(Event.at) <= last + AT_ONCE)
    nth = session.exec(around.order_by(col(Event.id).desc()).offset(MOST_NEWS).limit(1)).first()
    return nth is None or nth < last - AT_ONCE
