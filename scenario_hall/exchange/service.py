"""Take a list into the hall: every row checked, nothing changed when one is bad unless bad ones may be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import end_of_local_day, local_today
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.core.texts import N_
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.reading import read_table
from scenario_hall.exchange.row_reader import LookUps
from scenario_hall.exchange.rows import (
    OrganizationRow,
    ProductRow,
    ScenarioRow,
    check_organizations,
    check_products,
    check_scenarios,
)
from scenario_hall.organizations import lifecycle as organization_workflow
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.products import lifecycle as product_workflow
from scenario_hall.products import service as products
from scenario_hall.products.models import Product
from scenario_hall.quantities.requirements import read_requirements, read_specifications
from scenario_hall.scenarios import lifecycle as scenario_workflow
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.regions import find_regions
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

AGAIN = "导入清单更新 / The list was imported again"
MOST_GUESSED_DOMAINS = 2


@dataclass
class ImportReport:
    """What an import did, and every fault, in the order of the file."""

    faults: list[RowFault] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    released: int = 0
    is_kept: bool = True

    @property
    def errors(self) -> list[RowFault]:
        return [fault for fault in self.faults if fault.severity is Severity.ERROR]


@dataclass(frozen=True)
class ImportOptions:
    """How a list is taken. ``reviewer`` releases what was imported, or None to leave drafts."""

    organization: Organization | None = None
    skip_bad: bool = False
    reviewer: Actor | None = None
    chosen: Mapping[str, str | None] | None = None
    progress: Callable[[int, int], None] = lambda _done, _total: None


class NotKept(Exception):
    """Ends the transaction of an import that has bad rows."""


def import_scenarios(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of scenarios. Raises ReadingError for a file that is no list."""
    taxonomy = load_taxonomy(session)
    checked = check_scenarios(read_table(path), look_ups=look_ups(taxonomy), today=local_today(), chosen=options.chosen)
    report = _report(checked)
    owners = Owners(session, options.organization, Side.DEMAND, report)

    def take(row: ScenarioRow) -> None:
        _take_scenario(actor, session, owners.of(row.organization, row.number), row, taxonomy, options, report)

    return _take_all(session, checked.rows, take, options, report)


def import_products(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of products. Raises ReadingError for a file that is no list."""
    taxonomy = load_taxonomy(session)
    checked = check_products(read_table(path), look_ups=look_ups(taxonomy), today=local_today(), chosen=options.chosen)
    report = _report(checked)
    owners = Owners(session, options.organization, Side.SUPPLY, report)

    def take(row: ProductRow) -> None:
        _take_product(actor, session, owners.of(row.organization, row.number), row, taxonomy, options, report)

    return _take_all(session, checked.rows, take, options, report)


def import_organizations(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of organisations. Raises ReadingError for a file that is no list."""
    checked = check_organizations(
        read_table(path), look_ups=look_ups(load_taxonomy(session)), today=local_today(), chosen=options.chosen
    )
    report = _report(checked)
    return _take_all(
        session, checked.rows, lambda row: _take_organization(actor, session, row, options, report), options, report
    )


def look_ups(taxonomy: Taxonomy) -> LookUps:
    """How rows are read with the hall's own regions, tags and measures."""
    return LookUps(
        find_regions=lambda text: [region.code for region in find_regions(text)],
        find_tag=taxonomy.find,
        read_requirements=read_requirements,
        read_specifications=read_specifications,
    )


class Owners:
    """Whose a row is: of the organisation that it names, of the one chosen for the list, or of the list's holder."""

    def __init__(self, session: Session, chosen: Organization | None, side: Side, report: ImportReport) -> None:
        self.session, self.chosen, self.side, self.report = session, chosen, side, report
        self._known: dict[str, Organization | None] = {}

    def of(self, name: str, row: int) -> Organization:
        if name and name not in self._known:
            query = select(Organization).where(
                col(Organization.name) == name, col(Organization.is_imported_list_owner).is_(False)
            )
            found = self.session.exec(query).all()
            self._known[name] = found[0] if len(found) == 1 else None
            if self._known[name] is None:
                told = N_("“%(value)s” is no organisation of the hall (or several are called so); kept with the list.")
                self.report.faults.append(RowFault(row, "organization", name, told))
        return self._known.get(name) or self.chosen or organizations.imported_list_owner(self.session, side=self.side)


def _report(checked: Any) -> ImportReport:
    unknown = [column.header for column in checked.columns.unknown]
    return ImportReport(faults=list(checked.faults), unknown_columns=unknown, read=len(checked.rows))


def _take_all(
    session: Session, rows: list[Any], take: Callable[[Any], None], options: ImportOptions, report: ImportReport
) -> ImportReport:
    """Take each row in one transaction; a row that a service refuses is told like one that could not be read."""
    try:
        with transaction(session):
            for done, row in enumerate(rows, start=1):
                try:
                    with session.begin_nested():
                        take(row)
                except HallError as error:
                    report.faults += _faults(row.number, error)
                options.progress(done, len(rows))
            if report.errors and not options.skip_bad:
                raise NotKept
    except NotKept:
        report.is_kept = False
        report.created = report.updated = report.unchanged = report.released = 0
    report.faults.sort(key=lambda fault: fault.row)
    return report


def _faults(row: int, error: HallError) -> list[RowFault]:
    if isinstance(error, Invalid) and error.fields:
        return [
            RowFault(row, name, "", _literal(reason % error.values if error.values else reason), Severity.ERROR)
            for name, reason in error.fields.items()
        ]
    return [RowFault(row, "", "", _literal(str(error)), Severity.ERROR)]


def _literal(text: str) -> str:
    return text.replace("%", "%%")


def _reference(row: ScenarioRow | ProductRow | OrganizationRow) -> str:
    # A list without ids can be imported again too: then the title is what a row is known by.
    return (row.id or f"title:{row.title}")[:200]


def _guessed_domains(text: str, taxonomy: Taxonomy) -> list[str]:
    """For a list that names no domain: those of the tags that the text mentions most."""
    found: dict[str, int] = {}
    for slug in taxonomy.mentioned_in(text):
        domain = taxonomy.domain_of(slug)
        if domain is not None:
            found[domain] = found.get(domain, 0) + 1
    return sorted(found, key=lambda domain: (-found[domain], domain))[:MOST_GUESSED_DOMAINS]


def _take_scenario(
    actor: Actor,
    session: Session,
    owner: Organization,
    row: ScenarioRow,
    taxonomy: Taxonomy,
    options: ImportOptions,
    report: ImportReport,
) -> None:
    content = {
        "title": row.title,
        "situation": row.text,
        "wanted_result": "\n".join(part for part in (row.wanted_result, row.requirements_text) if part),
        "domains": list(row.domains) or _guessed_domains(f"{row.title}\n{row.text}", taxonomy),
        "tags": list(row.tags),
        "proposed_tags": list(row.proposed_tags),
        "region": row.region,
        "place": row.place,
        # What was only read from prose is read again by the matcher; stored lines are the author's own.
        "requirements": []
        if row.are_requirements_read
        else [line.model_dump(mode="json") for line in row.requirements],
        "budget_min": row.budget_min,
        "budget_max": row.budget_max,
        "currency": row.currency,
        "deadline": end_of_local_day(row.deadline) if row.deadline else None,
        "contact_name": row.contact.name[:100],
        "contact_phone": row.contact.phone[:60],
        "contact_email": row.contact.email[:254],
    }
    reference = _reference(row)
    found = session.exec(
        select(Scenario).where(col(Scenario.organization_id) == owner.pk, col(Scenario.external_reference) == reference)
    ).first()
    if found is None:
        found = scenarios.create_scenario(
            actor,
            session=session,
            organization=owner,
            content=content,
            external_reference=reference,
            source_cells=row.source_cells,
        )
        report.created += 1
    else:
        _update(
            report,
            found.state,
            scenario_workflow.DRAFTING,
            scenario_workflow.RELEASED,
            lambda: scenarios.save_draft(actor, session=session, scenario=found, version=None, content=content),
            lambda: scenarios.amend_scenario(
                actor, session=session, scenario=found, version=None, content=content, reason=AGAIN
            ),
        )
    if options.reviewer is not None and found.state in scenario_workflow.DRAFTING:
        scenarios.submit_scenario(actor, session=session, scenario=found, version=None)
        scenarios.release_scenario(options.reviewer, session=session, scenario=found, version=None)
        report.released += 1


def _take_product(
    actor: Actor,
    session: Session,
    owner: Organization,
    row: ProductRow,
    taxonomy: Taxonomy,
    options: ImportOptions,
    report: ImportReport,
) -> None:
    content = {
        "title": row.title,
        "model": row.model,
        "version_label": row.version_label,
        "summary": "\n".join(part for part in (row.text, row.specifications_text) if part),
        "limits": row.limits,
        "domains": list(row.domains) or _guessed_domains(f"{row.title}\n{row.text}", taxonomy),
        "tags": list(row.tags),
        "proposed_tags": list(row.proposed_tags),
        "specifications": []
        if row.are_specifications_read
        else [line.model_dump(mode="json") for line in row.specifications],
        "readiness_level": row.readiness_level,
        "earlier_uses": row.earlier_uses,
        "intellectual_property": row.intellectual_property,
        "price_min": row.price_min,
        "price_max": row.price_max,
        "currency": row.currency,
        "regions_served": list(row.regions),
    }
    reference = _reference(row)
    found = session.exec(
        select(Product).where(col(Product.organization_id) == owner.pk, col(Product.external_reference) == reference)
    ).first()
    if found is None:
        found = products.create_product(
            actor,
            session=session,
            organization=owner,
            content=content,
            external_reference=reference,
            source_cells=row.source_cells,
        )
        report.created += 1
    else:
        _update(
            report,
            found.state,
            product_workflow.DRAFTING,
            product_workflow.LISTED,
            lambda: products.save_draft(actor, session=session, product=found, version=None, content=content),
            lambda: products.amend_product(
                actor, session=session, product=found, version=None, content=content, reason=AGAIN
            ),
        )
    if options.reviewer is not None and found.state in product_workflow.DRAFTING:
        products.submit_product(actor, session=session, product=found, version=None)
        products.list_product(options.reviewer, session=session, product=found, version=None)
        report.released += 1


def _update(
    report: ImportReport,
    state: str,
    drafting: frozenset[str],
    public: str,
    save: Callable[[], object],
    amend: Callable[[], object],
) -> None:
    """Bring a record that an earlier import made to what the list says now."""
    if state in drafting:
        save()
        report.updated += 1
        return
    if state != public:
        report.unchanged += 1
        return
    try:
        amend()
        report.updated += 1
    except Invalid as error:
        if error.fields:
            raise
        report.unchanged += 1  # the list says what is public already


def _take_organization(
    actor: Actor, session: Session, row: OrganizationRow, options: ImportOptions, report: ImportReport
) -> None:
    kind = _kind_of(row.registration_number)
    details = organizations.OrganizationDetails(
        name=row.title,
        side=row.side or Side.BOTH,
        registration_kind=kind,
        registration_number=row.registration_number,
        region=row.region,
        description=row.text,
        tiers=row.tiers,
        website=row.website if row.website.startswith("http") else "",
    )
    reference = _reference(row)
    found = session.exec(select(Organization).where(col(Organization.external_reference) == reference)).first()
    if found is None:
        found = organizations.create_organization(actor, session=session, details=details, external_reference=reference)
        report.created += 1
    else:
        organizations.update_organization(actor, session=session, organization=found, version=None, details=details)
        report.updated += 1
    if options.reviewer is not None and found.state == organization_workflow.REGISTERED:
        organizations.act_on_organization(options.reviewer, session=session, organization=found, action="verify")
        report.released += 1


def _kind_of(number: str) -> RegistrationKind:
    compact = number.replace(" ", "").replace("-", "")
    if len(compact) == 18:
        return RegistrationKind.USCC
    if compact.isdigit() and len(compact) == 8:
        return RegistrationKind.HK_BR
    if compact.isdigit() and len(compact) == 7:
        return RegistrationKind.HK_CR
    return RegistrationKind.MACAO
