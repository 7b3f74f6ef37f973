"""What the hall's home page shows beside the feed: how far the year is, what closes soon, where, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from scenario_hall.core.clock import local_year, now
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.firsts import Firsts, count_firsts
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import SearchIndex, SearchQuery
from scenario_hall.taxonomy.regions import REGIONS, Region
from scenario_hall.taxonomy.service import target_of

CLOSING_DAYS = 45
MOST_CLOSING = 5
MOST_DOMAINS = 12


@dataclass(frozen=True)
class HallFigures:
    """Counts that the page shows; each opens the list behind it."""

    scenarios: int
    products: int
    organizations: int


@dataclass(frozen=True)
class HallDossier:
    """The hall at this moment."""

    year: int
    approved: int
    target: int
    closing: Sequence[Scenario]
    figures: HallFigures
    regions: Sequence[tuple[Region, int]]  # with their open scenarios
    domains: Sequence[tuple[str, int]]


def hall_dossier(session: Session, index: SearchIndex) -> HallDossier:
    """What anybody may see of the hall."""
    year = local_year(now())
    facets = index.search(SearchQuery(kind="scenario", page_size=1), now()).facets
    return HallDossier(
        year=year,
        approved=count_firsts(session, Firsts(year)),
        target=target_of(session, year).outcomes,
        closing=closing_soon(session),
        figures=hall_figures(session),
        regions=[(region, facets["region"].get(region.code, 0)) for region in REGIONS],
        domains=list(facets["domain"].items())[:MOST_DOMAINS],
    )


def closing_soon(session: Session) -> Sequence[Scenario]:
    """The open scenarios whose deadline is next, within CLOSING_DAYS."""
    query = (
        select(Scenario)
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(Scenario.state) == RELEASED,
            col(Scenario.deadline) > now(),
            col(Scenario.deadline) < now() + timedelta(days=CLOSING_DAYS),
            col(Organization.state) == VERIFIED,
        )
        .order_by(col(Scenario.deadline))
        .limit(MOST_CLOSING)
    )
    return session.exec(query).all()


def hall_figures(session: Session) -> HallFigures:
    """What is public now, of verified organisations."""
    verified = select(func.count()).select_from(Organization)
    verified = verified.where(col(Organization.state) == VERIFIED, col(Organization.is_imported_list_owner).is_(False))
    return HallFigures(
        scenarios=_count(session, Scenario, RELEASED),
        products=_count(session, Product, LISTED),
        organizations=session.exec(verified).one(),
    )


def _count(session: Session, table: type[Scenario] | type[Product], state: str) -> int:
    query = (
        select(func.count())
        .select_from(table)
        .join(Organization, col(Organization.id) == col(table.organization_id))
        .where(col(table.state) == state, col(Organization.state) == VERIFIED)
    )
    return session.exec(query).one()
