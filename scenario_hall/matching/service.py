"""Read the stored matches: for a scenario's owner all, for a supplier its own, for a product its scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor, can
from scenario_hall.matching.engine.explanation import Reasons, reasons_from_data
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.models import StoredMatch
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True)
class ShownMatch:
    """One pair with its reasons, for a page, the API or the command line."""

    scenario: Scenario
    product: Product
    score: int | None
    has_unmet_must: bool
    reasons: Reasons
    rules_version: str

    @property
    def qualifies(self) -> bool:
        return self.score is not None and self.score >= WEIGHTS.qualifies and not self.has_unmet_must


def matches_of_scenario(
    actor: Actor, *, session: Session, scenario: Scenario, top: int = 50, near_misses: bool = False
) -> list[ShownMatch]:
    """To the owner and administrators every product that qualifies (or, ``near_misses``, those that a few changes
    would lift over the line), the best first; to a supplier all of its own."""
    query = (
        select(StoredMatch, Product)
        .join(Product, col(Product.id) == col(StoredMatch.product_id))
        .join(Organization, col(Organization.id) == col(Product.organization_id))
        .where(
            col(StoredMatch.scenario_id) == scenario.pk,
            col(Product.state) == LISTED,
            col(Organization.state) == VERIFIED,
        )
        .order_by(col(StoredMatch.rank).desc(), col(Product.code))
        .limit(top)
    )
    if not can(actor, "view_matches", scenario):
        query = query.where(col(Product.organization_id).in_(actor.spoken_for))
    else:
        qualifies = col(StoredMatch.score) >= WEIGHTS.qualifies
        query = query.where(~qualifies if near_misses else qualifies)
    return [_shown(match, scenario, product) for match, product in session.exec(query)]


def matches_of_product(actor: Actor, *, session: Session, product: Product, top: int = 50) -> list[ShownMatch]:
    """The open scenarios that the product fits, to its supplier and administrators. Raises Denied."""
    if not can(actor, "view_matches", product):
        raise Denied()
    query = (
        select(StoredMatch, Scenario)
        .join(Scenario, col(Scenario.id) == col(StoredMatch.scenario_id))
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(StoredMatch.product_id) == product.pk,
            col(Scenario.state) == RELEASED,
            col(Organization.state) == VERIFIED,
        )
        .order_by(col(StoredMatch.rank).desc(), col(Scenario.code))
        .limit(top)
    )
    found = [_shown(match, scenario, product) for match, scenario in session.exec(query)]
    return [match for match in found if match.scenario.is_open()]


def _shown(match: StoredMatch, scenario: Scenario, product: Product) -> ShownMatch:
    return ShownMatch(
        scenario=scenario,
        product=product,
        score=match.score,
        has_unmet_must=match.has_unmet_must,
        reasons=reasons_from_data(match.reasons),
        rules_version=match.rules_version,
    )
