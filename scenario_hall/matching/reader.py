"""The reader of the log that keeps the stored matches."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, delete, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import Event, cursor, move_cursor, record_event
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import subjects_of
from scenario_hall.matching.engine.explanation import reasons_as_data
from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.matcher import UNMET_MUST_STEP, Match, Matcher
from scenario_hall.matching.engine.pairing import RULES_VERSION, WEIGHTS
from scenario_hall.matching.engine.reasons import NEAR_MISS
from scenario_hall.matching.from_rows import product_features, scenario_features
from scenario_hall.matching.models import StoredMatch
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import load_taxonomy

logger = logging.getLogger(__name__)
# Pairs kept for one scenario or product; a page shows fewer.
KEPT = 200
NEWS = timedelta(minutes=10)
MOST_NEWS = 60  # events in one batch; more is a list that is taken in, not something that happens


class MatchReader:
    """Holds every open scenario and listed product in memory and stores the matches of those that change.

    A pair's number depends on its two sides alone, so only the pairs of what changed are computed.
    """

    name = ReaderName.MATCHER

    def __init__(self) -> None:
        self._matcher: Matcher | None = None
        self._ids: dict[str, int] = {}
        self._known_to = 0

    def position(self, session: Session) -> int:
        return cursor(session, self.name)

    def skip(self, session: Session, event: Event) -> None:
        with transaction(session):
            move_cursor(session, self.name, event.id)

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        if self._matcher is None or self._known_to != self.position(session):
            self._load(session)
        scenario_ids = subjects_of(events, "scenario", self.name)
        product_ids = subjects_of(events, "product", self.name)
        organization_ids = subjects_of(events, "organization", self.name)
        if subjects_of(events, "taxonomy", self.name):
            self._load(session)
        with transaction(session):
            scenarios = session.exec(
                select(Scenario).where(
                    col(Scenario.id).in_(scenario_ids) | col(Scenario.organization_id).in_(organization_ids)
                )
            ).all()
            products = session.exec(
                select(Product).where(
                    col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids)
                )
            ).all()
            self._take_in(scenarios, products)
            for product in products:
                self._store(session, product)
            for scenario in scenarios:
                self._store(session, scenario)
            # Recorded last: appending locks the log's head.
            changed: list[Scenario | Product] = [*scenarios, *products] if _is_news(events) else []
            for record in changed:
                self._record_news(session, record)
            move_cursor(session, self.name, events[-1].id)
        self._known_to = events[-1].id

    def recompute(self, session: Session) -> int:
        """Compute every stored match anew, in one transaction a scenario; returns how many scenarios."""
        self._load(session)
        codes = list(session.exec(select(Scenario.code).where(col(Scenario.state) == RELEASED)))
        for code in codes:
            with transaction(session):
                self._store(session, session.exec(select(Scenario).where(col(Scenario.code) == code)).one())
        return len(codes)

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
        scenarios = session.exec(select(Scenario).where(col(Scenario.state) == RELEASED)).all()
        products = session.exec(select(Product).where(col(Product.state) == LISTED)).all()
        self._take_in(scenarios, products)

    def _take_in(self, scenarios: Sequence[Scenario], products: Sequence[Product]) -> None:
        for scenario in scenarios:
            self._ids[scenario.code] = scenario.pk
            self._put(scenario)
        for product in products:
            self._ids[product.code] = product.pk
            self._put(product)

    def _put(self, record: Scenario | Product) -> None:
        features = self._features_of(record)
        if features is None:
            self.matcher.remove(record.code)
        else:
            self.matcher.put(features)

    def _features_of(self, record: Scenario | Product) -> Features | None:
        """None for what takes no part in matching. One record that cannot be read must not end the reading of all."""
        taxonomy = self.matcher.taxonomy
        try:
            if isinstance(record, Scenario):
                return scenario_features(record, taxonomy)
            return product_features(record, taxonomy)
        except Exception:
            logger.exception("%s cannot be read for matching and is left out", record.code)
            return None

    def _store(self, session: Session, record: Scenario | Product) -> None:
        side = StoredMatch.scenario_id if isinstance(record, Scenario) else StoredMatch.product_id
        session.exec(delete(StoredMatch).where(col(side) == record.pk))
        if record.code not in self.matcher:
            return
        moment = now()
        for match in self.matcher.matches_of(record.code, top=KEPT):
            if is_kept(match):
                session.add(
                    StoredMatch(
                        scenario_id=self._ids[match.scenario],
                        product_id=self._ids[match.product],
                        score=match.score,
                        has_unmet_must=match.has_unmet_must,
                        rank=match.rank - UNMET_MUST_STEP * match.has_unmet_must,
                        reasons=reasons_as_data(match.reasons),
                        rules_version=RULES_VERSION,
                        computed_at=moment,
                    )
                )
        session.flush()

    def _record_news(self, session: Session, record: Scenario | Product) -> None:
        if record.code not in self.matcher:
            return
        side = StoredMatch.scenario_id if isinstance(record, Scenario) else StoredMatch.product_id
        rows = session.exec(
            select(StoredMatch.score).where(col(side) == record.pk, col(StoredMatch.has_unmet_must).is_(False))
        ).all()
        count = sum(score is not None and score >= WEIGHTS.qualifies for score in rows)
        if count:
            record_event(
                session,
                None,
                record,
                "scenario.matched" if isinstance(record, Scenario) else "product.matched",
                {"title": record.title, "matches": count, "rules": RULES_VERSION},
            )


def _is_news(events: Sequence[Event]) -> bool:
    """Is the last event recent? What a list or a story of past weeks brings is matched, but no news to the hall."""
    return events[-1].at > now() - NEWS and len(events) <= MOST_NEWS


def is_kept(match: Match) -> bool:
    """Worth keeping: enough to go on, and over the line or so near it that a few changes would lift it."""
    return match.score is not None and match.score >= NEAR_MISS
