"""Rows of a list as values, ready for the services, with all that is wrong with them reported row by row."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from scenario_hall.core.values import Currency, Requirement, Specification
from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import MAX_ROW_TEXT
from scenario_hall.exchange.cells import Contact, parse_side, split_list
from scenario_hall.exchange.columns import ColumnMap, ListKind, map_columns
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.realignment import realign
from scenario_hall.exchange.row_reader import MAX_TITLE, LookUps, RowReader, one_line
from scenario_hall.exchange.source import SourceRow, SourceTable
from scenario_hall.exchange.steps import Steps, in_one_go
from scenario_hall.language.faults import Fault
from scenario_hall.organizations.models import Side
from scenario_hall.products.fields import FIELDS as PRODUCT_FIELDS
from scenario_hall.scenarios.fields import FIELDS as SCENARIO_FIELDS

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ScenarioRow:
    """A scenario as its list tells it. ``source_cells`` has every cell as written, the contact's too: never public."""

    number: int
    sheet: str
    id: str
    texts: Mapping[str, str]  # the plain fields by name, the title among them
    organization: str
    regions: tuple[str, ...]
    place: str
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    proposed_tags: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    requirements_text: str  # as written in their own column, what could not be measured included
    are_requirements_read: bool  # from the text, not from a column of their own: the author should look at them
    budget_min: int | None
    budget_max: int | None
    currency: Currency
    deadline: date | None  # the last day, Hong Kong time
    readiness_level: int | None
    contact: Contact
    source_cells: Mapping[str, str]
    emptied: frozenset[str]  # meanings whose columns are there and empty
    faults: tuple[RowFault, ...]

    @property
    def region(self) -> str:
        """The first region's code, empty when none was recognised."""
        return self.regions[0] if self.regions else ""

    @property
    def title(self) -> str:
        return self.texts["title"]


@dataclass(frozen=True, kw_only=True)
class ProductRow:
    """A product as its list tells it."""

    number: int
    sheet: str
    id: str
    texts: Mapping[str, str]  # the plain fields by name, the title among them
    organization: str
    registration_number: str  # as written; whether it is one is for organizations.registration to say
    regions: tuple[str, ...]
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    proposed_tags: tuple[str, ...]
    specifications: tuple[Specification, ...]
    specifications_text: str
    are_specifications_read: bool
    readiness_level: int | None
    price_min: int | None
    price_max: int | None
    currency: Currency
    contact: Contact
    source_cells: Mapping[str, str]
    emptied: frozenset[str]  # meanings whose columns are there and empty
    faults: tuple[RowFault, ...]

    @property
    def title(self) -> str:
        return self.texts["title"]


@dataclass(frozen=True, kw_only=True)
class OrganizationRow:
    """An organisation as its list tells it."""

    number: int
    sheet: str
    id: str
    title: str
    text: str
    registration_number: str
    side: Side | None
    regions: tuple[str, ...]
    tiers: tuple[str, ...]
    website: str
    contact: Contact
    source_cells: Mapping[str, str]
    emptied: frozenset[str]  # meanings whose columns are there and empty
    faults: tuple[RowFault, ...]

    @property
    def region(self) -> str:
        return self.regions[0] if self.regions else ""


Row = TypeVar("Row", ScenarioRow, ProductRow, OrganizationRow)


@dataclass(frozen=True)
class CheckedRows(Generic[Row]):
    """The rows that can be taken over, what each column was taken for, and every fault in the order of the file."""

    columns: ColumnMap
    rows: list[Row]
    faults: list[RowFault]


def check_scenarios(
    table: SourceTable, *, look_ups: LookUps, today: date, chosen: Mapping[str, str | None] | None = None
) -> CheckedRows[ScenarioRow]:
    """Read a list of scenarios; ``chosen`` is what a person said of single columns."""
    return in_one_go(_check(table, ListKind.SCENARIOS, look_ups, chosen, lambda reader: _scenario(reader, today)))


def check_products(
    table: SourceTable, *, look_ups: LookUps, today: date, chosen: Mapping[str, str | None] | None = None
) -> CheckedRows[ProductRow]:
    """Read a list of products."""
    return in_one_go(_check(table, ListKind.PRODUCTS, look_ups, chosen, _product))


def check_organizations(
    table: SourceTable, *, look_ups: LookUps, today: date, chosen: Mapping[str, str | None] | None = None
) -> CheckedRows[OrganizationRow]:
    """Read a list of organisations."""
    return in_one_go(_check(table, ListKind.ORGANIZATIONS, look_ups, chosen, _organization))


def check_rows(
    table: SourceTable,
    kind: ListKind,
    *,
    look_ups: LookUps,
    today: date,
    chosen: Mapping[str, str | None] | None = None,
) -> Steps[CheckedRows[ScenarioRow] | CheckedRows[ProductRow] | CheckedRows[OrganizationRow]]:
    """Read a list of any kind row by row: a step each, the rows together at the end."""
    match kind:
        case ListKind.SCENARIOS:
            return _check(table, kind, look_ups, chosen, lambda reader: _scenario(reader, today))
        case ListKind.PRODUCTS:
            return _check(table, kind, look_ups, chosen, _product)
        case ListKind.ORGANIZATIONS:
            return _check(table, kind, look_ups, chosen, _organization)


def _check(
    table: SourceTable,
    kind: ListKind,
    look_ups: LookUps,
    chosen: Mapping[str, str | None] | None,
    build: Callable[[RowReader], Row],
) -> Steps[CheckedRows[Row]]:
    columns = map_columns(table.header, kind, cells=[row.cells for row in table.rows], chosen=chosen)
    found, rows = list(table.faults), []
    doubles = _Doubles(columns)
    for each in table.rows:
        yield
        if sum(map(len, each.cells.values())) > MAX_ROW_TEXT:
            found.append(RowFault(each.number, "", "", faults.LONG_ROW, Severity.ERROR, sheet=each.sheet))
            continue
        source, misaligned = realign(each, columns, table.delimiter, look_ups)
        reader = RowReader(source, columns, look_ups)
        if misaligned is not None:
            reader.faults.append(misaligned)
        if not doubles.is_double(source, reader):
            row = _built(reader, build)
            if row is not None and not reader.is_refused:
                rows.append(row)
        found += [replace(fault, sheet=each.sheet) for fault in reader.faults] if each.sheet else reader.faults
    return CheckedRows(columns, rows, faults.in_order(found))


def _built(reader: RowReader, build: Callable[[RowReader], Row]) -> Row | None:
    """The row as a value, also one that is refused for its title, so that all its faults are reported; None for one
    that raises, which is told like the others."""
    try:
        return build(reader)
    except Exception as error:
        logger.exception("row %d of a list could not be read", reader.row.number)
        reader.faults.append(faults.not_taken(reader.row.number, error))
        return None


class _Doubles:
    """Remembers what was seen, to find rows that stand twice. The running number does not count as content."""

    def __init__(self, columns: ColumnMap) -> None:
        self._columns = columns
        self._apart = {column.header for target in ("ordinal", "id") for column in columns.of(target)}
        self._contents: dict[tuple[tuple[str, str], ...], tuple[str, str]] = {}
        self._references: dict[tuple[str, str], str] = {}

    def is_double(self, row: SourceRow, reader: RowReader) -> bool:
        """Whether ``row`` may not be taken because it, or its reference, was there before."""
        reference, owner = reader.text("id"), reader.text("organization")
        content = tuple(
            (header, " ".join(unicodedata.normalize("NFKC", cell).split()))
            for header, cell in row.cells.items()
            if header not in self._apart
        )
        place = row.place
        first = self._contents.setdefault(content, (place, reference))
        if first[0] != place:
            if first[1] == reference:
                reader.report("title", faults.DOUBLED, first[0], Severity.ERROR)
                return True
            reader.report("title", faults.SAME_CONTENT, first[0])
        if reference:
            earlier = self._references.setdefault((owner, reference), place)
            if earlier != place:
                reader.report("id", faults.SAME_REFERENCE, earlier, Severity.ERROR)
                return True
        return False


def _scenario(reader: RowReader, today: date) -> ScenarioRow:
    texts = {"title": reader.title(), **reader.texts(SCENARIO_FIELDS)}
    domains, tags, budget = reader.tags("domains"), reader.tags("tags"), reader.sums("budget")
    regions = reader.regions()
    if len(regions) > 1:
        reader.report("region", faults.SEVERAL_REGIONS, reader.text("region"))
    prose = "\n".join(part for part in (texts["situation"], texts["wanted_result"]) if part)
    requirements, are_read = reader.requirements(otherwise=prose)
    return ScenarioRow(
        number=reader.row.number,
        sheet=reader.row.sheet,
        id=reader.text("id"),
        texts=texts,
        organization=one_line(reader.text("organization")),
        regions=regions,
        place=one_line(reader.text("region"))[:MAX_TITLE],
        domains=domains.known,
        tags=tags.known,
        proposed_tags=tuple(dict.fromkeys([*domains.proposed, *tags.proposed])),
        requirements=requirements,
        requirements_text=reader.text("requirements"),
        are_requirements_read=are_read,
        budget_min=budget.low if budget else None,
        budget_max=budget.high if budget else None,
        currency=budget.currency if budget else Currency.CNY,
        deadline=reader.deadline(today),
        readiness_level=reader.readiness(),
        contact=reader.contact(),
        source_cells=dict(reader.row.cells),
        emptied=reader.emptied(),
        faults=tuple(reader.faults),
    )


def _product(reader: RowReader) -> ProductRow:
    title, maker = reader.title(), one_line(reader.text("manufacturer"))
    if maker and title and not title.casefold().startswith(maker.casefold()):
        title = f"{maker} {title}"  # lists by manufacturer name a product by its model alone
    texts = {"title": title, **reader.texts(PRODUCT_FIELDS), "earlier_uses": reader.labelled("earlier_uses")}
    domains, tags, price = reader.tags("domains"), reader.tags("tags"), reader.sums("price")
    specifications, are_read = reader.specifications(otherwise=texts["summary"])
    return ProductRow(
        number=reader.row.number,
        sheet=reader.row.sheet,
        id=reader.text("id"),
        texts=texts,
        organization=one_line(reader.text("organization")) or maker,
        registration_number=one_line(reader.text("registration_number")),
        regions=reader.regions(),
        domains=domains.known,
        tags=tags.known,
        proposed_tags=tuple(dict.fromkeys([*domains.proposed, *tags.proposed])),
        specifications=specifications,
        specifications_text=reader.text("specifications"),
        are_specifications_read=are_read,
        readiness_level=reader.readiness(),
        price_min=price.low if price else None,
        price_max=price.high if price else None,
        currency=price.currency if price else Currency.CNY,
        contact=reader.contact(),
        source_cells=dict(reader.row.cells),
        emptied=reader.emptied(),
        faults=tuple(reader.faults),
    )


def _organization(reader: RowReader) -> OrganizationRow:
    title, side = reader.title(), parse_side(reader.text("side"))
    if isinstance(side, Fault):
        reader.report("side", side.reason, side.value)
        side = None
    return OrganizationRow(
        number=reader.row.number,
        sheet=reader.row.sheet,
        id=reader.text("id"),
        title=title,
        text=reader.text("text"),
        registration_number=one_line(reader.text("registration_number")),
        side=side,
        regions=reader.regions(),
        tiers=tuple(split_list(reader.text("tiers"))),
        website=reader.text("website"),
        contact=reader.contact(),
        source_cells=dict(reader.row.cells),
        emptied=reader.emptied(),
        faults=tuple(reader.faults),
    )
