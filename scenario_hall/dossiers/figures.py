"""The counts that the hall's first page and its wall show while they are open, each as of one line of the log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import Select

from scenario_hall.core.clock import local_day, local_year, now
from scenario_hall.dossiers.progress import Stage, count_stages
from scenario_hall.log.chain import last_id
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.firsts import Firsts, firsts_condition
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.lifecycle import NOTICE
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.service import target_of

MONTHS = 12
MOST_TRIES = 3


@dataclass(frozen=True)
class HallFigures:
    """What is public at ``at``, when ``entry`` was the log's last line. ``regions`` and ``domains`` count open
    scenarios by code and slug, all regions and the domains that have some, the fullest first; ``months`` the year's
    firsts by the month of their approval."""

    entry: int
    at: datetime
    year: int
    target: int
    scenarios: int
    products: int
    organizations: int
    notices: int
    regions: Mapping[str, int]
    domains: Mapping[str, int]
    stages: Mapping[Stage, int]
    months: Sequence[int]

    @property
    def approved(self) -> int:
        return self.stages[Stage.FIRST]


def hall_figures(session: Session) -> HallFigures:
    """Counted anew where somebody appended to the log meanwhile, so that all figures are of one moment."""
    for _ in range(MOST_TRIES):
        entry = last_id(session)
        figures = _count_all(session, entry)
        if last_id(session) == entry:
            break
    return figures


def _count_all(session: Session, entry: int) -> HallFigures:
    year = local_year(now())
    regions: Counter[str] = Counter()
    domains: Counter[str] = Counter()
    scenarios = 0
    for region, slugs, count in session.exec(_open_scenarios()):
        scenarios += count
        regions[region] += count
        domains.update(dict.fromkeys(json.loads(slugs), count))
    return HallFigures(
        entry=entry,
        at=now(),
        year=year,
        target=target_of(session, year).outcomes,
        scenarios=scenarios,
        products=_count_products(session),
        organizations=_count_organizations(session),
        notices=session.exec(select(func.count()).select_from(Outcome).where(col(Outcome.state) == NOTICE)).one(),
        regions={each.code: regions[each.code] for each in REGIONS},
        domains=dict(sorted(domains.items(), key=lambda pair: (-pair[1], pair[0]))),
        stages=count_stages(session, year),
        months=firsts_by_month(session, year),
    )


def _open_scenarios() -> Select[str, str, int]:
    """Region, domains (JSON) and how many of these take applications now. The database groups what is the same, so that
    a list is read for some hundred kinds and not for each of many thousand scenarios."""
    domains = cast(col(Scenario.domains), Text)
    return (
        select(Scenario.region, domains, func.count())
        .join(Organization, col(Organization.id) == col(Scenario.organization_id))
        .where(
            col(Scenario.state) == RELEASED,
            or_(col(Scenario.deadline).is_(None), col(Scenario.deadline) > now()),
            col(Organization.state) == VERIFIED,
        )
        .group_by(col(Scenario.region), domains)
    )


def _count_products(session: Session) -> int:
    """Organisation by organisation: the index over owner and state has all that is counted, and no row is read."""
    own = select(func.count()).select_from(Product)
    own = own.where(col(Product.organization_id) == col(Organization.id), col(Product.state) == LISTED)
    counts = select(func.sum(own.correlate(Organization).scalar_subquery()))
    return session.exec(counts.where(col(Organization.state) == VERIFIED)).one() or 0


def _count_organizations(session: Session) -> int:
    verified = select(func.count()).select_from(Organization)
    return session.exec(
        verified.where(col(Organization.state) == VERIFIED, col(Organization.is_imported_list_owner).is_(False))
    ).one()


def firsts_by_month(session: Session, year: int) -> list[int]:
    """Twelve counts whose sum is the year's counter: a product counts in the month of its earliest first."""
    query = select(Outcome.product_id, func.min(Outcome.approved_at)).join(
        Certificate, col(Certificate.outcome_id) == col(Outcome.id)
    )
    query = query.where(*firsts_condition(session, Firsts(year))).group_by(col(Outcome.product_id))
    months = Counter(local_day(moment).month for _, moment in session.exec(query) if moment is not None)
    return [months[month] for month in range(1, MONTHS + 1)]
