"""Take a list into the hall: every row checked, nothing changed when one is bad unless bad ones may be left out."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.core.policy import Actor
from scenario_hall.exchange.contents import product_content, scenario_content
from scenario_hall.exchange.reading import read_table
from scenario_hall.exchange.report import ImportOptions, ImportReport, report_on
from scenario_hall.exchange.row_reader import LookUps
from scenario_hall.exchange.rows import ProductRow, ScenarioRow, check_organizations, check_products, check_scenarios
from scenario_hall.exchange.taking import PRODUCTS, SCENARIOS, Import, Owners
from scenario_hall.organizations.models import Side
from scenario_hall.quantities.requirements import read_requirements, read_specifications
from scenario_hall.taxonomy.regions import find_regions
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy


def import_scenarios(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of scenarios. Raises ReadingError for a file that is no list."""
    taxonomy = load_taxonomy(session)
    checked = check_scenarios(read_table(path), look_ups=look_ups(taxonomy), today=local_today(), chosen=options.chosen)
    run = Import(actor, session, options, report_on(checked))
    owners = Owners(session, options.organization, Side.DEMAND, run.report)

    def take(row: ScenarioRow) -> None:
        run.take_record(SCENARIOS, row, owners.of(row.organization, row.number), scenario_content(row, taxonomy))

    return run.take_all(checked.rows, take)


def import_products(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of products. Raises ReadingError for a file that is no list."""
    taxonomy = load_taxonomy(session)
    checked = check_products(read_table(path), look_ups=look_ups(taxonomy), today=local_today(), chosen=options.chosen)
    run = Import(actor, session, options, report_on(checked))
    owners = Owners(session, options.organization, Side.SUPPLY, run.report)

    def take(row: ProductRow) -> None:
        run.take_record(PRODUCTS, row, owners.of(row.organization, row.number), product_content(row, taxonomy))

    return run.take_all(checked.rows, take)


def import_organizations(actor: Actor, *, session: Session, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list of organisations. Raises ReadingError for a file that is no list."""
    checked = check_organizations(
        read_table(path), look_ups=look_ups(load_taxonomy(session)), today=local_today(), chosen=options.chosen
    )
    run = Import(actor, session, options, report_on(checked))
    return run.take_all(checked.rows, run.take_organization)


def look_ups(taxonomy: Taxonomy) -> LookUps:
    """How rows are read with the hall's own regions, tags and measures."""
    return LookUps(
        find_regions=lambda text: [region.code for region in find_regions(text)],
        find_tag=taxonomy.find,
        read_requirements=read_requirements,
        read_specifications=read_specifications,
    )
