"""The reader of the log that keeps the stored matches, and the sums of the gaps in supply over them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader, subjects_of
from scenario_hall.matching.engine.explanation import reasons_as_data
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.matcher import UNMET_MUST_STEP, Matcher
from scenario_hall.matching.engine.pairing import RULES_VERSION
from scenario_hall.matching.from_rows import product_features, scenario_features
from scenario_hall.matching.record_meanings import RecordMeanings
from scenario_hall.matching.share import WHOLE, Share
from scenario_hall.matching.storing import Matched, prepare_sums, store_matches, store_one
from scenario_hall.meaning.vectors import Packed
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import load_taxonomy

logger = logging.getLogger(__name__)
# Pairs kept for one scenario or product; a page shows fewer.
KEPT = 200


class MatchReader(DatabaseReader):
    """Holds every open scenario and listed product in memory and stores the matches of those that change.

    A pair's number depends on its two sides alone, so only the pairs of what changed are computed.
    """

    name = ReaderName.MATCHER

    def __init__(self, encoder: str | None = None, share: Share = WHOLE) -> None:
        """``encoder``: the name of the one whose vectors are used; None: words alone. ``share``: of which products."""
        self._share = share
        self._meanings = RecordMeanings(encoder)
        self._matcher: Matcher | None = None
        self._ids: dict[str, int] = {}
        self._known_to = 0

    def advance(self, session: Session, batch: Batch) -> None:
        store_matches(session, self.name, batch, self.matched(session, batch))
        self._known_to = batch.position

    def matched(self, session: Session, batch: Batch) -> list[Matched]:
        """What the records of ``batch`` match now, computed before anything is written: whoever else wants to write
        waits for no calculation."""
        has_new_words = bool(subjects_of(batch.events, "taxonomy", ReaderName.MATCHER))
        if self._matcher is None or self._known_to != batch.after or has_new_words:
            self._load(session)
        changed = self._changed_records(session, batch.events)
        changed += self._encoded_late(session, {record.code for record in changed})
        vectors = self._meanings.of(session, [record.code for record in changed])
        for record in changed:
            self._put(record, self._features_of(record, vectors.get(record.code)))
        return [
            Matched(type(record), record.pk, record.code in self.matcher, self._rows_of(session, record))
            for record in changed
        ]

    def _changed_records(self, session: Session, events: Sequence[Event]) -> list[Scenario | Product]:
        """The scenarios and products that ``events`` name, themselves or by their organisation."""
        scenario_ids = subjects_of(events, "scenario", ReaderName.MATCHER)
        product_ids = subjects_of(events, "product", ReaderName.MATCHER)
        organization_ids = subjects_of(events, "organization", ReaderName.MATCHER)
        scenarios = select(Scenario).where(
            col(Scenario.id).in_(scenario_ids) | col(Scenario.organization_id).in_(organization_ids)
        )
        products = select(Product).where(
            col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids)
        )
        return [*session.exec(products.where(*self._share.condition())), *session.exec(scenarios)]

    def recompute(self, session: Session) -> int:
        """Compute every stored match anew, in one transaction a scenario; returns how many scenarios."""
        self._load(session)
        codes = list(session.exec(select(Scenario.code).where(col(Scenario.state) == RELEASED)))
        for code in codes:
            scenario = session.exec(select(Scenario).where(col(Scenario.code) == code)).one()
            matched = Matched(Scenario, scenario.pk, code in self.matcher, self._rows_of(session, scenario))
            with transaction(session):
                store_one(session, matched)
        return len(codes)

    def prepare(self, session: Session) -> None:
        prepare_sums(session)

    def current(self, session: Session) -> Matcher:
        """The matcher with every open scenario and listed product, read first if need be."""
        if self._matcher is None:
            self._load(session)
            self._known_to = self.position(session)
        return self.matcher

    @property
    def matcher(self) -> Matcher:
        if self._matcher is None:
            raise RuntimeError("the matcher has not read the records yet")
        return self._matcher

    def _load(self, session: Session) -> None:
        taxonomy = load_taxonomy(session)
        register_terms(taxonomy.terms())
        self._matcher, self._ids = Matcher(taxonomy), {}
        vectors = self._meanings.all(session)
        for record in (
            *session.exec(select(Scenario).where(col(Scenario.state) == RELEASED)),
            *session.exec(select(Product).where(col(Product.state) == LISTED, *self._share.condition())),
        ):
            try:
                self._put(record, self._features_of(record, vectors.pop(record.code, None)))
            except Exception:
                # Its event was set aside when it raised first; here it must not keep the others out.
                logger.exception("%s cannot be read for matching and is left out", record.code)

    def _features_of(self, record: Scenario | Product, vectors: Packed | None) -> Features | None:
        """None for what takes no part in matching."""
        if isinstance(record, Scenario):
            features = scenario_features(record, self.matcher.taxonomy)
        else:
            features = product_features(record, self.matcher.taxonomy)
        return self._meanings.put_on(features, vectors) if features is not None else None

    def _encoded_late(self, session: Session, known: Collection[str]) -> list[Scenario | Product]:
        late = [code for code in self._meanings.late(session, self.matcher) if code not in known]
        if not late:
            return []
        return [
            *session.exec(select(Product).where(col(Product.code).in_(late), *self._share.condition())),
            *session.exec(select(Scenario).where(col(Scenario.code).in_(late))),
        ]

    def _put(self, record: Scenario | Product, features: Features | None) -> None:
        self._ids[record.code] = record.pk
        if features is None:
            self.matcher.remove(record.code)
        else:
            self.matcher.put(features)

    def _rows_of(self, session: Session, record: Scenario | Product) -> list[dict[str, Any]]:
        """The matches of ``record`` that are worth keeping, as rows of ``StoredMatch``."""
        if record.code not in self.matcher:
            return []
        moment = now()
        matches = [match for match in self.matcher.matches_of(record.code, top=KEPT) if match.is_worth_keeping]
        closest = self._meanings.closest(session, self.matcher, matches)
        return [
            {
                "scenario_id": self._ids[match.scenario],
                "product_id": self._ids[match.product],
                "score": match.score,
                "has_unmet_must": match.has_unmet_must,
                "rank": match.rank - UNMET_MUST_STEP * match.has_unmet_must,
                "reasons": reasons_as_data(replace(match.reasons, closest=pair)),
                "rules_version": RULES_VERSION,
                "computed_at": moment,
            }
            for match, pair in zip(matches, closest, strict=True)
        ]
