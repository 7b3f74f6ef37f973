"""The reader of the log that compares the product of every open claim with all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, cursor, move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import subjects_of
from scenario_hall.matching.engine.features import Features, Need, features_of_need, features_of_offer
from scenario_hall.matching.engine.matcher import Matcher
from scenario_hall.matching.engine.pairing import RULES_VERSION, likeness_of
from scenario_hall.matching.from_rows import offer_of
from scenario_hall.matching.reader import MatchReader
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.claim.models import PriorArtCheck
from scenario_hall.outcomes.lifecycle import CLAIMED, NOTICE, RETURNED
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.lifecycle import PUBLIC as WAS_PUBLIC
from scenario_hall.products.models import Product

# The share of a product's own weight that another one's words answer, from which on the two look alike.
ALIKE = 0.35
MOST_ALIKE = 50
UNDER_REVIEW = (CLAIMED, NOTICE, RETURNED)


class PriorArtReader:
    """Keeps each open claim's ``PriorArtCheck``: a new claim is compared with every product once, a changed product
    with the open claims. Products that can be applied with stand in the match reader's memory; those that were public
    and are no more are few, and are held here."""

    name = ReaderName.NOVELTY

    def __init__(self, matches: MatchReader) -> None:
        self._matches = matches
        self._gone: Matcher | None = None

    def position(self, session: Session) -> int:
        return cursor(session, self.name)

    def skip(self, session: Session, event: Event) -> None:
        with transaction(session):
            move_cursor(session, self.name, event.id)

    def advance(self, session: Session, events: Sequence[Event]) -> None:
        current = self._matches.current(session)
        if self._gone is None or self._gone.taxonomy is not current.taxonomy:
            self._gone = self._load(session, current)
        claimed = subjects_of(events, "outcome", self.name)
        product_ids = subjects_of(events, "product", self.name)
        organization_ids = subjects_of(events, "organization", self.name)
        with transaction(session):
            changed = session.exec(
                select(Product).where(
                    col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids)
                )
            ).all()
            offers = {product.pk: self._take_in(product, current, self._gone) for product in changed}
            # A claim that was decided before this reader came by is compared all the same.
            wanted: ColumnElement[bool] = col(Outcome.id).in_(claimed)
            if offers:
                wanted = wanted | col(Outcome.state).in_(UNDER_REVIEW)
            for outcome in session.exec(select(Outcome).where(wanted)) if offers or claimed else ():
                need = features_of_need(_as_need(outcome.product), current.taxonomy)
                if outcome.pk in claimed:
                    self._compare(session, outcome, need, (current, self._gone))
                else:
                    _compare_again(session, outcome, need, offers)
            move_cursor(session, self.name, events[-1].id)

    def _compare(self, session: Session, outcome: Outcome, need: Features, matchers: Iterable[Matcher]) -> None:
        """Hold the claim's product against every other one."""
        found = [pair for matcher in matchers for pair in matcher.alike(need, ALIKE)]
        codes = [code for code, _ in found]
        ids = dict(session.exec(select(Product.code, Product.id).where(col(Product.code).in_(codes))).all())
        alike = {key: share for code, share in found if (key := ids.get(code)) is not None}
        alike.pop(outcome.product_id, None)
        _store(session, outcome, alike)

    def _take_in(self, product: Product, current: Matcher, gone: Matcher) -> Features | None:
        """The product as it is compared, None where it never was public; remembered here if nobody else does."""
        if product.state not in WAS_PUBLIC:
            gone.remove(product.code)
            return None
        features = features_of_offer(offer_of(product), current.taxonomy)
        if product.state == LISTED and product.is_public():
            gone.remove(product.code)
        else:
            gone.put(features)
        return features

    def _load(self, session: Session, current: Matcher) -> Matcher:
        gone = Matcher(current.taxonomy)
        hidden = select(Organization.id).where(col(Organization.state) != VERIFIED)
        rows = select(Product).where(
            col(Product.state).in_(WAS_PUBLIC),
            (col(Product.state) != LISTED) | col(Product.organization_id).in_(hidden),
        )
        for product in session.exec(rows):
            self._take_in(product, current, gone)
        return gone


def _compare_again(session: Session, outcome: Outcome, need: Features, offers: dict[int, Features | None]) -> None:
    """Hold the claim's product against those that changed."""
    check = session.get(PriorArtCheck, outcome.pk)
    before = {int(key): share for key, share in check.alike} if check is not None else {}
    after = {key: share for key, share in before.items() if key not in offers}
    for key, offer in offers.items():
        share = round(likeness_of(need, offer), 4) if offer is not None else 0.0
        if share >= ALIKE and key != outcome.product_id:
            after[key] = share
    if after != before:
        _store(session, outcome, after)


def _store(session: Session, outcome: Outcome, alike: dict[int, float]) -> None:
    check = session.get(PriorArtCheck, outcome.pk) or PriorArtCheck(
        outcome_id=outcome.pk, rules_version=RULES_VERSION, checked_at=now()
    )
    check.alike = sorted(alike.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_ALIKE]
    check.rules_version, check.checked_at = RULES_VERSION, now()
    session.add(check)


def _as_need(product: Product) -> Need:
    return Need(
        code=product.code,
        title=f"{product.title} {product.model}".strip(),
        wanted=product.summary,
        domains=tuple(product.domains),
        tags=tuple(product.tags),
    )
