"""New pairs for a person's organisations: scenarios of the last days that fit their products, products that fit their
scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, exists, select

from scenario_hall.applications.models import Application
from scenario_hall.core.clock import now
from scenario_hall.core.db import unindexed
from scenario_hall.core.policy import Actor
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.models import StoredMatch
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario

NEW_FOR = timedelta(days=7)
MOST = 5


@dataclass(frozen=True)
class NewMatch:
    """A pair that fits; ``is_offer``: the product is new to the owner of the scenario, else the scenario to the
    supplier."""

    scenario: Scenario
    product: Product
    score: int
    is_offer: bool


def new_matches(session: Session, actor: Actor) -> list[NewMatch]:
    """The best of what was published within ``NEW_FOR``, fits and was not offered yet, for the organisations that the
    actor edits."""
    own = [pk for pk in actor.memberships if actor.edits(pk)]
    if not own:
        return []
    return sorted(
        [*_published(session, own, is_offer=False), *_published(session, own, is_offer=True)],
        key=lambda each: -each.score,
    )[:MOST]


def _published(session: Session, own: Sequence[int], *, is_offer: bool) -> list[NewMatch]:
    """New products for the scenarios of ``own``, or new scenarios for its products."""
    ours, other = (Scenario, Product) if is_offer else (Product, Scenario)
    published_at = col(Product.listed_at) if is_offer else col(Scenario.released_at)
    query = (
        select(StoredMatch, Scenario, Product)
        .join(Scenario, col(Scenario.id) == col(StoredMatch.scenario_id))
        .join(Product, col(Product.id) == col(StoredMatch.product_id))
        .join(Organization, col(Organization.id) == col(other.organization_id))
        .where(
            col(ours.organization_id).in_(own),
            col(other.organization_id).not_in(own),
            published_at > now() - NEW_FOR,
            col(StoredMatch.score) >= WEIGHTS.qualifies,
            col(StoredMatch.has_unmet_must).is_(False),
            # Begun from the own records: what is new in the whole hall is more.
            unindexed(col(Scenario.state)) == RELEASED,
            unindexed(col(Product.state)) == LISTED,
            col(Organization.state) == VERIFIED,
            ~exists().where(
                col(Application.scenario_id) == col(Scenario.id), col(Application.product_id) == col(Product.id)
            ),
        )
        .order_by(col(StoredMatch.rank).desc(), col(Scenario.code), col(Product.code))
        .limit(MOST)
    )
    found = session.exec(query)
    return [
        NewMatch(scenario, product, match.score or 0, is_offer)
        for match, scenario, product in found
        if scenario.is_open()
    ]
