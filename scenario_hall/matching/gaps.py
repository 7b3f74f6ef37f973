"""Gaps in supply: requirements and technologies that kept products from qualifying, by domain."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
from scenario_hall.matching.engine.explanation import ChangeKind, Reasons, reasons_from_data
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.matching.models import StoredMatch
from scenario_hall.products.models import Product
from scenario_hall.quantities.verdicts import Verdict
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.metrics import metric_slug


@dataclass
class DomainGaps:
    """One domain: open scenarios, those without a qualifying product, and what was missing how often: metrics by their
    slug (``taxonomy.metrics.metric_slug``), so that 续航 and endurance are one."""

    domain: str
    scenarios: int = 0
    without_match: list[Scenario] = field(default_factory=list)
    unmet: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    technologies: Counter[str] = field(default_factory=Counter)
    lifts: Counter[str] = field(default_factory=Counter)


def gaps_by_domain(actor: Actor, *, session: Session, organization_id: int | None = None) -> list[DomainGaps]:
    """Every domain with open scenarios, the one with the most unanswered first; of all suppliers, which is for
    administrators, or of one, which is for its members too.

    Raises Denied.
    """
    if not (actor.is_administrator or actor.is_system or organization_id in actor.spoken_for):
        raise Denied()
    found: dict[str, DomainGaps] = {}
    matches = _matches(session, organization_id)
    for scenario in session.exec(select(Scenario).where(col(Scenario.state) == RELEASED).order_by(col(Scenario.code))):
        if not (scenario.is_public() and scenario.is_open()):
            continue
        pairs = matches.get(scenario.pk, [])
        qualifies = any((pair.score or 0) >= WEIGHTS.qualifies and not pair.has_unmet_must for pair in pairs)
        for domain in scenario.domains or [""]:
            gaps = found.setdefault(domain, DomainGaps(domain))
            gaps.scenarios += 1
            if not qualifies:
                gaps.without_match.append(scenario)
            for pair in pairs:
                _count(gaps, reasons_from_data(pair.reasons))
    return sorted(found.values(), key=lambda gaps: (-len(gaps.without_match), -gaps.scenarios, gaps.domain))


def _matches(session: Session, organization_id: int | None) -> dict[int, list[StoredMatch]]:
    query = select(StoredMatch)
    if organization_id is not None:
        from_supplier = select(Product.id).where(col(Product.organization_id) == organization_id)
        query = query.where(col(StoredMatch.product_id).in_(from_supplier))
    rows: defaultdict[int, list[StoredMatch]] = defaultdict(list)
    for row in session.exec(query):
        rows[row.scenario_id].append(row)
    return rows


def _count(gaps: DomainGaps, reasons: Reasons) -> None:
    for line in reasons.lines:
        if line.verdict is Verdict.UNMET:
            gaps.unmet[metric_slug(line.requirement.metric)] += 1
        elif line.verdict is Verdict.UNKNOWN:
            gaps.unknown[metric_slug(line.requirement.metric)] += 1
    gaps.technologies.update(reasons.missing_tags)
    for change in reasons.lifts:
        if change.kind is ChangeKind.REQUIREMENT and change.line is not None:
            gaps.lifts[metric_slug(reasons.lines[change.line].requirement.metric)] += 1
        else:
            gaps.lifts[change.kind.value] += 1
