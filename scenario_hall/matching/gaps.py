"""Gaps in supply: requirements and technologies that kept products from qualifying, by domain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlmodel import Session, col, select

from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
from scenario_hall.matching.gap_sums import qualifies
from scenario_hall.matching.models import ALL_SUPPLIERS, GapCount, GapKind, GapScenario, StoredMatch
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

# Of the scenarios without a qualifying product a page names the newest of each domain.
MOST_NAMED = 20
COUNTERS: Final = {
    GapKind.UNMET: "unmet",
    GapKind.UNKNOWN: "unknown",
    GapKind.TECHNOLOGY: "technologies",
    GapKind.LIFT: "lifts",
}


@dataclass
class DomainGaps:
    """One domain: open scenarios, how many have no qualifying product and which those are (the newest first, not all
    where the reader wanted no more), and what was missing how often: metrics by their slug
    (``taxonomy.metrics.metric_slug``), so that 续航 and endurance are one."""

    domain: str
    scenarios: int = 0
    unanswered: int = 0
    without_match: Sequence[Scenario] = ()
    unmet: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    technologies: Counter[str] = field(default_factory=Counter)
    lifts: Counter[str] = field(default_factory=Counter)


def gaps_by_domain(
    actor: Actor, *, session: Session, organization_id: int | None = None, most_named: int | None = None
) -> list[DomainGaps]:
    """Every domain with open scenarios, the one with the most unanswered first; of all suppliers, which is for
    administrators, or of one, which is for its members too. ``most_named``: how many scenarios without a qualifying
    product are named of each domain; None: all.

    Read from the sums that the matcher keeps (``gap_sums.py``): as of the last event that it worked off.
    Raises Denied.
    """
    if not (actor.is_administrator or actor.is_system or organization_id in actor.spoken_for):
        raise Denied()
    found = {gaps.domain: gaps for gaps in _of_all(session)}
    _count_missing(session, found, ALL_SUPPLIERS if organization_id is None else organization_id)
    answered: Mapping[str, set[int]] = {}
    if organization_id is not None:
        answered = _answered_by(session, organization_id)
        for gaps in found.values():
            gaps.unanswered = gaps.scenarios - len(answered.get(gaps.domain, ()))
    named = {
        gaps.domain: _unanswered(session, gaps, answered.get(gaps.domain, set()), organization_id, most_named)
        for gaps in found.values()
    }
    scenarios = _by_id(session, [pk for ids in named.values() for pk in ids])
    for gaps in found.values():
        gaps.without_match = [scenarios[pk] for pk in named[gaps.domain]]
    return sorted(found.values(), key=lambda gaps: (-gaps.unanswered, -gaps.scenarios, gaps.domain))


def _of_all(session: Session) -> list[DomainGaps]:
    """The domains with open scenarios, with how many of those no product answers."""
    query = select(GapCount.domain, GapCount.kind, GapCount.count).where(
        col(GapCount.organization_id) == ALL_SUPPLIERS, col(GapCount.kind).in_([GapKind.OPEN, GapKind.UNANSWERED])
    )
    counts = {(domain, kind): count for domain, kind, count in session.exec(query)}
    return [
        DomainGaps(domain, count, counts.get((domain, GapKind.UNANSWERED), 0))
        for (domain, kind), count in counts.items()
        if kind == GapKind.OPEN and count
    ]


def _count_missing(session: Session, found: Mapping[str, DomainGaps], owner: int) -> None:
    query = select(GapCount).where(
        col(GapCount.organization_id) == owner, col(GapCount.count) > 0, col(GapCount.kind).in_(COUNTERS)
    )
    for row in session.exec(query.order_by(col(GapCount.domain), col(GapCount.kind), col(GapCount.name))):
        if row.domain in found:
            getattr(found[row.domain], COUNTERS[GapKind(row.kind)])[row.name] = row.count


def _answered_by(session: Session, organization_id: int) -> dict[str, set[int]]:
    """Domain → the open scenarios for which a product of the organisation qualifies."""
    query = (
        select(GapScenario.domain, GapScenario.scenario_id, StoredMatch.score, StoredMatch.has_unmet_must)
        .join(StoredMatch, col(StoredMatch.scenario_id) == col(GapScenario.scenario_id))
        .join(Product, col(Product.id) == col(StoredMatch.product_id))
        .where(col(Product.organization_id) == organization_id)
    )
    answered: defaultdict[str, set[int]] = defaultdict(set)
    for domain, scenario_id, score, has_unmet_must in session.exec(query):
        if qualifies(score, has_unmet_must=has_unmet_must):
            answered[domain].add(scenario_id)
    return answered


def _unanswered(
    session: Session, gaps: DomainGaps, answered: set[int], organization_id: int | None, most: int | None
) -> list[int]:
    """The newest of the domain's scenarios without a qualifying product, at most ``most``."""
    if not gaps.unanswered:
        return []
    query = select(GapScenario.scenario_id).where(col(GapScenario.domain) == gaps.domain)
    if organization_id is None:
        query = query.where(col(GapScenario.qualifying) == 0)
    # So many are left when those that the organisation answers are taken out.
    query = query.order_by(col(GapScenario.scenario_id).desc()).limit(None if most is None else most + len(answered))
    return [key for key in session.exec(query) if key not in answered][:most]


def _by_id(session: Session, ids: Sequence[int]) -> dict[int, Scenario]:
    """In parts: a database takes only so many parameters."""
    found: dict[int, Scenario] = {}
    for begin in range(0, len(ids), 500):
        query = select(Scenario).where(col(Scenario.id).in_(ids[begin : begin + 500]))
        found |= {each.pk: each for each in session.exec(query)}
    return found
