"""Public records written as lists, in the columns that an import reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day
from scenario_hall.exchange.writing import ListFormat, write_table
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.regions import region_name
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

SHARED = ("id", "title", "text", "organization", "region", "domains", "tags")
# The columns that come first; the other declared fields follow in their order.
FIRST_COLUMNS: dict[str, tuple[str, ...]] = {
    "scenarios": (*SHARED, "requirements", "budget_min", "budget_max", "currency", "deadline"),
    "products": (*SHARED, "specifications", "price_min", "price_max", "currency", "readiness_level"),
    "organizations": ("id", "title", "text", "registration_number", "side", "region"),
}
FIELDS: dict[str, tuple[ContentField, ...]] = {
    "scenarios": SCENARIO_FIELDS,
    "products": PRODUCT_FIELDS,
    "organizations": (),
}
Line = Mapping[str, object]


def export_records(session: Session, kind: str, form: ListFormat, path: Path) -> int:
    """Write every public record of ``kind`` to ``path``; returns how many. The contact is never among the columns."""
    lines: dict[str, Callable[[Session, Taxonomy], Iterator[Line]]] = {
        "scenarios": _scenarios,
        "products": _products,
        "organizations": _organizations,
    }
    return write_table(lines[kind](session, load_taxonomy(session)), columns_of(kind), form, path)


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns of a list of this kind."""
    declared = (field.export_column for field in FIELDS[kind] if field.export_column)
    return tuple(dict.fromkeys((*FIRST_COLUMNS[kind], *declared)))


def _scenarios(session: Session, taxonomy: Taxonomy) -> Iterator[Line]:
    query = select(Scenario).where(col(Scenario.state) == RELEASED).order_by(col(Scenario.id))
    return (_line(row, taxonomy) for row in session.exec(query) if row.is_public())


def _products(session: Session, taxonomy: Taxonomy) -> Iterator[Line]:
    query = select(Product).where(col(Product.state) == LISTED).order_by(col(Product.id))
    return (_line(row, taxonomy) for row in session.exec(query) if row.is_public())


def _line(record: Publishable, taxonomy: Taxonomy) -> Line:
    """The declared fields in their columns; texts that share one stand below each other."""
    line: dict[str, object] = {"id": record.code, "organization": record.organization.name}
    for field in record.fields:
        column, value = field.export_column, _written(field, getattr(record, field.name), taxonomy)
        if column in line:
            line[column] = "\n".join(str(part) for part in (line[column], value) if part)
        elif column:
            line[column] = value
    return line


def _written(field: ContentField, value: Any, taxonomy: Taxonomy) -> object:
    match field.kind:
        case ValueKind.REGION:
            return region_name(value, "zh_Hans")
        case ValueKind.REGIONS:
            return [region_name(code, "zh_Hans") for code in value]
        case ValueKind.DOMAINS | ValueKind.TAGS:
            return [taxonomy.get(slug).zh_hans for slug in value]
        case ValueKind.LINES if field.line is not None:
            return [field.line.model_validate(line) for line in value]
        case ValueKind.MOMENT:
            return local_day(value) if value else None
        case _:
            return value


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
