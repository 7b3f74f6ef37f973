"""What an actor can offer for a scenario."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from scenario_hall.applications.lifecycle import STANDING
from scenario_hall.applications.models import Application
from scenario_hall.core.policy import Actor, can
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario


def products_to_offer(session: Session, actor: Actor, scenario: Scenario) -> list[Product]:
    """The actor's listed products that were not offered for the scenario yet."""
    if not actor.spoken_for:
        return []
    taken = select(Application.product_id).where(
        col(Application.scenario_id) == scenario.pk, col(Application.state).in_(STANDING)
    )
    query = select(Product).where(
        col(Product.organization_id).in_(actor.spoken_for),
        col(Product.organization_id) != scenario.organization_id,
        col(Product.state) == LISTED,
        col(Product.id).not_in(taken),
    )
    return [product for product in session.exec(query) if can(actor, "apply", product)]


def scenarios_to_apply_to(
    session: Session, actor: Actor, product: Product, scenarios: Iterable[Scenario]
) -> frozenset[int]:
    """The ids of those of the open scenarios for which the actor may offer the product."""
    if product.state != LISTED or not can(actor, "apply", product):
        return frozenset()
    taken = select(Application.scenario_id).where(
        col(Application.product_id) == product.pk, col(Application.state).in_(STANDING)
    )
    offered = set(session.exec(taken))
    return frozenset(
        each.pk
        for each in scenarios
        if each.is_open() and each.pk not in offered and each.organization_id != product.organization_id
    )
