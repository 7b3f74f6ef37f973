"""Scenarios and products of the database as the matcher takes them."""

from __future__ import annotations

from scenario_hall.core.money import in_yuan
from scenario_hall.matching.engine.features import Features, Need, Offer, features_of_need, features_of_offer
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.taxonomy import Taxonomy


def need_of(scenario: Scenario) -> Need:
    return Need(
        code=scenario.code,
        title=scenario.title,
        situation=scenario.situation,
        wanted=scenario.wanted_result,
        requirements=tuple(scenario.requirement_lines),
        domains=tuple(scenario.domains),
        tags=tuple(scenario.tags),
        region=scenario.region,
        budget_low=in_yuan(scenario.budget_min, scenario.currency),
        budget_high=in_yuan(scenario.budget_max, scenario.currency),
        # The bodies behind imported lists are many: a list's holder may well match its own rows.
        organization_id=None if scenario.is_managed_by_hall() else scenario.organization_id,
    )


def offer_of(product: Product) -> Offer:
    certificates = product.certificate_lines
    return Offer(
        code=product.code,
        title=f"{product.title} {product.model}".strip(),
        text=product.summary,
        specifications=tuple(product.specification_lines),
        domains=tuple(product.domains),
        tags=tuple(product.tags),
        regions_served=tuple(product.regions_served),
        price_low=in_yuan(product.price_min, product.currency),
        price_high=in_yuan(product.price_max, product.currency),
        readiness_level=product.readiness_level,
        certificates_in_force=sum(line.is_in_force() for line in certificates),
        organization_id=None if product.is_managed_by_hall() else product.organization_id,
    )


def scenario_features(scenario: Scenario, taxonomy: Taxonomy) -> Features | None:
    """None for a scenario that takes no applications or whose organisation is not public."""
    if not scenario.is_public() or not scenario.is_open():
        return None
    return features_of_need(need_of(scenario), taxonomy)


def product_features(product: Product, taxonomy: Taxonomy) -> Features | None:
    """None for a product that cannot be applied with."""
    if not product.is_public() or not product.is_open():
        return None
    return features_of_offer(offer_of(product), taxonomy)
