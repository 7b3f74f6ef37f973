"""A matcher that is divided by product among several readers, and the one that puts together what they find.

Each share holds every open scenario and its part of the products (``share.py``), and keeps the best pairs of what
changed as a ``MatchPart``. A pair's number depends on its two sides alone, so the best of all shares' best are the best
of all: what is stored is what one undivided matcher would store. The last reader never overtakes a share; it has the
undivided matcher's name and cursor, so a hall may be divided, divided otherwise and put together again at any time.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select, update

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, ReaderCursor, cursor, events_after, last_id, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.kinds.table import kinds_for
from scenario_hall.log.readers import Batch, DatabaseReader, subjects_of
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.matching.from_rows import features_of
from scenario_hall.matching.models import MatchPart, StoredMatch
from scenario_hall.matching.reader import KEPT, MatchReader
from scenario_hall.matching.share import Share, shares
from scenario_hall.matching.storing import RECORDS_A_TRANSACTION, Matched, prepare_sums, store_matches
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

TABLES: Mapping[str, type[Scenario] | type[Product]] = {"scenario": Scenario, "product": Product}
SUBJECTS = {table: subject for subject, table in TABLES.items()}
PART_KEY = ("subject", "record_id", "share", "position")
EVENTS_AT_ONCE = 500  # read by prior art's matcher in one go


class ShardReader(MatchReader):
    """One share of the matcher; what it finds waits in ``match_part`` for the others' parts."""

    def __init__(self, encoder: str | None, share: Share, kept: Path | None = None) -> None:
        super().__init__(encoder, share, kept)
        self.share = share

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"{ReaderName.MATCHER}-{self.share}"

    @property
    def wants(self) -> frozenset[str]:
        return kinds_for(ReaderName.MATCHER)

    def prepare(self, session: Session) -> None:
        """The sums are the merging reader's."""

    def position(self, session: Session) -> int:
        """Never before the merged matches: what they hold needs no part any more."""
        return max(cursor(session, self.name), cursor(session, ReaderName.MATCHER))

    def advance(self, session: Session, batch: Batch) -> None:
        found = self.matched(session, batch)
        for begin in range(0, len(found), RECORDS_A_TRANSACTION):
            with transaction(session):
                for each in found[begin : begin + RECORDS_A_TRANSACTION]:
                    self._keep_part(session, each, batch.position)
        with transaction(session):
            self._pass_merged(session, batch.after)
            move_cursor(session, self.name, after=batch.after, position=batch.position)
        self._known_to = batch.position

    def _keep_part(self, session: Session, found: Matched, position: int) -> None:
        subject, share = SUBJECTS[found.table], str(self.share)
        same = col(MatchPart.subject) == subject, col(MatchPart.record_id) == found.key, col(MatchPart.share) == share
        session.exec(delete(MatchPart).where(*same))
        rows = [{name: value for name, value in row.items() if name != "computed_at"} for row in found.rows]
        part = {"subject": subject, "record_id": found.key, "share": share, "position": position}
        session.exec(insert(MatchPart), params=[{**part, "is_open": found.is_open, "is_merged": False, "rows": rows}])

    def _pass_merged(self, session: Session, after: int) -> None:
        """Bring a cursor from a time when the matcher was divided like this before to where its merged matches are."""
        row = session.get(ReaderCursor, self.name, with_for_update=True, populate_existing=True)
        if row is not None and row.position < after <= cursor(session, ReaderName.MATCHER):
            row.position = after
            session.add(row)
            session.flush()


class MergingReader(DatabaseReader):
    """Stores the best of what all shares found and tells of it, as the undivided matcher does."""

    name = ReaderName.MATCHER

    def __init__(self, of: int) -> None:
        self.of = of

    def prepare(self, session: Session) -> None:
        """As the undivided matcher does."""
        prepare_sums(session)

    def advance(self, session: Session, batch: Batch) -> None:
        self._merge(session, batch, _keys_of(batch.events) | self._waiting(session, batch.position))

    def merge_waiting(self, session: Session) -> int:
        """Merge the parts that came after their event had been passed: a share had failed at it and tried again, or
        vectors came late. Returns how many records had some."""
        position = self.position(session)
        keys = self._waiting(session, position)
        if keys:
            self._merge(session, Batch((), position, position), keys)
        return len(keys)

    def _merge(self, session: Session, batch: Batch, keys: set[tuple[str, int]]) -> None:
        parts = self._parts(session, keys)
        merged = [self._put_together(session, *key, found) for key, found in sorted(parts.items())]
        store_matches(session, self.name, batch, merged)
        with transaction(session):
            for part in (part for found in parts.values() for part in found):
                # A part that its share has written anew meanwhile waits for the next time.
                is_same = [getattr(MatchPart, name) == getattr(part, name) for name in PART_KEY]
                session.exec(update(MatchPart).where(*is_same).values(is_merged=True))
            # A later part may be needed again, beside those of shares that have not read so far yet.
            session.exec(delete(MatchPart).where(col(MatchPart.is_merged), col(MatchPart.position) <= batch.position))

    def _waiting(self, session: Session, position: int) -> set[tuple[str, int]]:
        query = select(MatchPart.subject, MatchPart.record_id).distinct()
        query = query.where(col(MatchPart.position) <= position, ~col(MatchPart.is_merged))
        return set(session.exec(query.where(col(MatchPart.share).in_(self._names))).all())

    def _parts(self, session: Session, keys: set[tuple[str, int]]) -> dict[tuple[str, int], list[MatchPart]]:
        """By record, of each share at most one, the one that has read the furthest last."""
        found: defaultdict[tuple[str, int], list[MatchPart]] = defaultdict(list)
        for subject in TABLES:
            ids = [key for kind, key in keys if kind == subject]
            query = select(MatchPart).where(col(MatchPart.subject) == subject, col(MatchPart.record_id).in_(ids))
            query = query.where(col(MatchPart.share).in_(self._names)).order_by(col(MatchPart.position))
            for part in session.exec(query) if ids else ():
                found[subject, part.record_id].append(part)
        session.expunge_all()
        return dict(found)

    @property
    def _names(self) -> list[str]:
        return [str(share) for share in shares(self.of)]

    def _put_together(self, session: Session, subject: str, record_id: int, parts: Sequence[MatchPart]) -> Matched:
        moment = now()
        rows: list[Mapping[str, Any]] = [{**row, "computed_at": moment} for part in parts for row in part.rows]
        table = TABLES[subject]
        missing = {str(share): share for share in shares(self.of)} if table is Scenario else {}
        for part in parts:
            missing.pop(part.share, None)
        is_open = parts[-1].is_open  # the share that has read the furthest
        if missing and is_open:
            # What a share has not said anew stays as it was, all of it, until it does.
            rows += self._stored(session, record_id, list(missing.values()))
        else:
            rows = heapq.nsmallest(KEPT, rows, key=lambda row: (-row["rank"], row["scenario_id"], row["product_id"]))
        return Matched(table, record_id, is_open, rows if is_open else [])

    @staticmethod
    def _stored(session: Session, scenario_id: int, missing: Sequence[Share]) -> list[dict[str, Any]]:
        query = select(StoredMatch).where(col(StoredMatch.scenario_id) == scenario_id)
        return [row.model_dump() for row in session.exec(query) if any(share.has(row.product_id) for share in missing)]


class AllShares:
    """All shares as what the merging reader never overtakes: they have read what each of them has."""

    def __init__(self, readers: Sequence[ShardReader]) -> None:
        self._readers = readers

    @property
    def wants(self) -> frozenset[str]:
        return kinds_for(ReaderName.MATCHER)

    def position(self, session: Session) -> int:
        return min(reader.position(session) for reader in self._readers)


class FollowingMatcher(MatchReader):
    """The words of all products for prior art, where no matcher of this process holds them all: it stores nothing, and
    reads on when it is asked."""

    def current(self, session: Session) -> Matcher:
        while self._matcher is not None:
            newest = last_id(session)
            events = events_after(session, self._known_to, limit=EVENTS_AT_ONCE, kinds=sorted(self.wants))
            if subjects_of(events, "taxonomy", ReaderName.MATCHER):
                break
            for record in self._changed_records(session, events):
                self._put(record.code, record.pk, features_of(record, self.matcher.taxonomy), None)
            is_whole = len(events) < EVENTS_AT_ONCE
            self._known_to = newest if is_whole else events[-1].id
            if is_whole:
                return self.matcher
        self._known_to = last_id(session)
        self._load(session)
        return self.matcher


def _keys_of(events: Sequence[Event]) -> set[tuple[str, int]]:
    """The records that the events name themselves; those of an organisation are known by their parts."""
    return {(subject, key) for subject in TABLES for key in subjects_of(events, subject, ReaderName.MATCHER)}
