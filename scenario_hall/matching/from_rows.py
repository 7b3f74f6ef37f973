"""Scenarios and products of the database as the matcher takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import now
from scenario_hall.core.money import in_yuan
from scenario_hall.matching.engine.features import Features, Need, Offer, features_of_need, features_of_offer
from scenario_hall.matching.kept_features import Kept
from scenario_hall.matching.share import WHOLE, Share
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.taxonomy import Taxonomy

RECORDS_AT_ONCE = 500


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


def features_of(record: Scenario | Product, taxonomy: Taxonomy) -> Features | None:
    """None for what takes no part in matching."""
    if isinstance(record, Scenario):
        return scenario_features(record, taxonomy)
    return product_features(record, taxonomy)


class OpenRecord(NamedTuple):
    """What tells whether features that are kept are still the record's."""

    table: type[Scenario] | type[Product]
    id: int
    version: int
    owner: int


def open_records(session: Session, share: Share = WHOLE) -> dict[str, OpenRecord]:
    """Every scenario and the products of ``share`` that take part in matching, by code."""
    found: dict[str, OpenRecord] = {}
    tables: tuple[tuple[type[Scenario] | type[Product], str], ...] = ((Scenario, RELEASED), (Product, LISTED))
    for table, state in tables:
        rows = (
            select(col(table.code), col(table.id), col(table.version), col(table.organization_id))
            .join(Organization, col(Organization.id) == col(table.organization_id))
            .where(col(table.state) == state, col(Organization.state) == VERIFIED)
            .order_by(col(table.id))
        )
        if table is Scenario:
            rows = rows.where(col(Scenario.deadline).is_(None) | (col(Scenario.deadline) > now()))
        else:
            rows = rows.where(*share.condition())
        found |= {code: OpenRecord(table, key or 0, version, owner) for code, key, version, owner in session.exec(rows)}
    return found


def records_of(session: Session, wanted: Mapping[str, OpenRecord]) -> Iterator[list[Scenario | Product]]:
    """The records themselves, RECORDS_AT_ONCE at a time."""
    for table in (Scenario, Product):
        ids = [row.id for row in wanted.values() if row.table is table]
        for begin in range(0, len(ids), RECORDS_AT_ONCE):
            query: SelectOfScalar[Any] = select(table).where(col(table.id).in_(ids[begin : begin + RECORDS_AT_ONCE]))
            yield list(session.exec(query))


def state_of(record: Scenario | Product) -> Kept:
    """Under what its features are kept."""
    until = date.max
    if isinstance(record, Product):
        ends = [line.expires for line in record.certificate_lines if line.expires is not None and line.is_in_force()]
        until = min(ends, default=date.max)
    return Kept(record.version, record.organization_id, until)
