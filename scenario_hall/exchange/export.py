"""Public records written as lists, in the columns that an import reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day
from scenario_hall.exchange.writing import ListFormat, write_table
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

SHARED = ("id", "title", "text", "organization", "region", "domains", "tags")
COLUMNS: dict[str, tuple[str, ...]] = {
    "scenarios": (*SHARED, "requirements", "budget_min", "budget_max", "currency", "deadline"),
    "products": (*SHARED, "specifications", "price_min", "price_max", "currency", "readiness_level"),
    "organizations": ("id", "title", "text", "registration_number", "side", "region"),
}
Line = Mapping[str, object]


def export_records(session: Session, kind: str, form: ListFormat, path: Path) -> int:
    """Write every public record of ``kind`` to ``path``; returns how many. The contact is never among the columns."""
    lines: dict[str, Callable[[Session, Taxonomy], Iterator[Line]]] = {
        "scenarios": _scenarios,
        "products": _products,
        "organizations": _organizations,
    }
    return write_table(lines[kind](session, load_taxonomy(session)), COLUMNS[kind], form, path)


def _scenarios(session: Session, taxonomy: Taxonomy) -> Iterator[Line]:
    query = select(Scenario).where(col(Scenario.state) == RELEASED).order_by(col(Scenario.id))
    for row in session.exec(query):
        if row.is_public():
            yield {
                "id": row.code,
                "title": row.title,
                "text": "\n".join(part for part in (row.situation, row.wanted_result) if part),
                "organization": row.organization.name,
                "region": region_name(row.region, "zh_Hans"),
                "domains": [taxonomy.get(slug).zh_hans for slug in row.domains],
                "tags": [taxonomy.get(slug).zh_hans for slug in row.tags],
                "requirements": row.requirement_lines,
                "budget_min": row.budget_min,
                "budget_max": row.budget_max,
                "currency": row.currency,
                "deadline": local_day(row.deadline) if row.deadline else None,
            }


def _products(session: Session, taxonomy: Taxonomy) -> Iterator[Line]:
    query = select(Product).where(col(Product.state) == LISTED).order_by(col(Product.id))
    for row in session.exec(query):
        if row.is_public():
            yield {
                "id": row.code,
                "title": row.title,
                "text": row.summary,
                "organization": row.organization.name,
                "region": [region_name(code, "zh_Hans") for code in row.regions_served],
                "domains": [taxonomy.get(slug).zh_hans for slug in row.domains],
                "tags": [taxonomy.get(slug).zh_hans for slug in row.tags],
                "specifications": row.specification_lines,
                "price_min": row.price_min,
                "price_max": row.price_max,
                "currency": row.currency,
                "readiness_level": row.readiness_level,
            }


def _organizations(session: Session, taxonomy: Taxonomy) -> Iterator[Line]:
    query = select(Organization).where(
        col(Organization.state) == VERIFIED, col(Organization.is_imported_list_owner).is_(False)
    )
    for row in session.exec(query.order_by(col(Organization.id))):
        yield {
            "id": row.public_code,
            "title": row.name,
            "text": row.description,
            "registration_number": row.registration_number,
            "side": row.side,
            "region": region_name(row.region, "zh_Hans"),
        }
