"""The reader of the log that compares the product of every open claim with all others."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.log.chain import move_cursor
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.readers import Batch, DatabaseReader, subjects_of
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


class PriorArtReader(DatabaseReader):
    """Keeps each open claim's ``PriorArtCheck``: a new claim is compared with every product once, a changed product
    with the open claims. Products that can be applied with stand in the match reader's memory; those that were public
    and are no more are few, and are held here."""

    name = ReaderName.NOVELTY

    def __init__(self, matches: MatchReader, *, reads_memory: bool = True) -> None:
        """``reads_memory``: ``matches`` is the hall's matcher, at work in the same process; else one of its own."""
        self.reads_memory = reads_memory
        self._matches = matches
        self._gone: Matcher | None = None

    def advance(self, session: Session, batch: Batch) -> None:
        current = self._matches.current(session)
        if self._gone is None or self._gone.taxonomy is not current.taxonomy:
            self._gone = self._load(session, current)
        claimed = subjects_of(batch.events, "outcome", self.name)
        product_ids = subjects_of(batch.events, "product", self.name)
        organization_ids = subjects_of(batch.events, "organization", self.name)
        changed = session.exec(
            select(Product).where(col(Product.id).in_(product_ids) | col(Product.organization_id).in_(organization_ids))
        ).all()
        offers = {product.pk: self._take_in(product, current, self._gone) for product in changed}
        # A claim that was decided before this reader came by is compared all the same.
        wanted: ColumnElement[bool] = col(Outcome.id).in_(claimed)
        if offers:
            wanted = wanted | col(Outcome.state).in_(UNDER_REVIEW)
        outcomes = session.exec(select(Outcome).where(wanted)).all() if offers or claimed else ()
        found: dict[int, dict[int, float]] = {}
        for outcome in outcomes:
            need = features_of_need(_as_need(outcome.product), current.taxonomy)
            if outcome.pk in claimed:
                found[outcome.pk] = self._compare(session, outcome, need, (current, self._gone))
            else:
                found[outcome.pk] = _compare_again(session, outcome, need, offers)
        with transaction(session):
            for outcome_id, alike in found.items():
                _store(session, outcome_id, alike)
            move_cursor(session, self.name, after=batch.after, position=batch.position)

    def _compare(
        self, session: Session, outcome: Outcome, need: Features, matchers: Iterable[Matcher]
    ) -> dict[int, float]:
        """The claim's product held against every other one: product id → likeness."""
        found = [pair for matcher in matchers for pair in matcher.alike(need, ALIKE)]
        codes = [code for code, _ in found]
        ids = dict(session.exec(select(Product.code, Product.id).where(col(Product.code).in_(codes))).all())
        alike = {key: share for code, share in found if (key := ids.get(code)) is not None}
        alike.pop(outcome.product_id, None)
        return alike

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


def _compare_again(
    session: Session, outcome: Outcome, need: Features, offers: dict[int, Features | None]
) -> dict[int, float]:
    """The products that are like the claim's, when those that changed are held against it anew."""
    check = session.get(PriorArtCheck, outcome.pk)
    before = {int(key): share for key, share in check.alike} if check is not None else {}
    after = {key: share for key, share in before.items() if key not in offers}
    for key, offer in offers.items():
        share = round(likeness_of(need, offer), 4) if offer is not None else 0.0
        if share >= ALIKE and key != outcome.product_id:
            after[key] = share
    return after


def _store(session: Session, outcome_id: int, alike: dict[int, float]) -> None:
    """Keep the products that are alike, unless just these are kept already."""
    kept = sorted(alike.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_ALIKE]
    check = session.get(PriorArtCheck, outcome_id)
    if check is not None and [(int(key), share) for key, share in check.alike] == kept:
        return
    check = check or PriorArtCheck(outcome_id=outcome_id, rules_version=RULES_VERSION, checked_at=now())
    check.alike = kept
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
