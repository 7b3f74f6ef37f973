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

# Of each domain a page names the newest scenarios without a qualifying product, and what was missing most often.
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
    actor: Actor, *, session: Session, organization_id: int | None = None, most: int | None = None
) -> list[DomainGaps]:
    """Every domain with open scenarios, the one with the most unanswered first; of all suppliers, which is for
    administrators, or of one, which is for its members too. ``most``: of each domain, how many scenarios without a
    qualifying product are named, and how many of what was missing of a kind; None: all.

    Read from the sums that the matcher keeps (``gap_sums.py``): as of the last event that it worked off.
    Raises Denied.
    """
    if not (actor.is_administrator or actor.is_system or organization_id in actor.spoken_for):
        raise Denied()
    found = {gaps.domain: gaps for gaps in _of_all(session)}
    _count_missing(session, found, ALL_SUPPLIERS if organization_id is None else organization_id, most)
    answered: Mapping[str, set[int]] = {}
    if organization_id is not None:
        answered = _answered_by(session, organization_id)
        for gaps in found.values():
            gaps.unanswered = gaps.scenarios - len(answered.get(gaps.domain, ()))
    named = {
        gaps.domain: _unanswered(session, gaps, answered.get(gaps.domain, set()), organization_id, most)
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


def _count_missing(session: Session, found: Mapping[str, DomainGaps], owner: int, most: int | None) -> None:
    """Put in what was counted of each domain, the most frequent first; each kind by itself, since people name their
    metrics freely and the sums have many more names than a page shows."""
    for gaps in found.values():
        for kind, counter in COUNTERS.items():
            query = select(GapCount.name, GapCount.count).where(
                col(GapCount.organization_id) == owner,
                col(GapCount.domain) == gaps.domain,
                col(GapCount.kind) == kind,
                col(GapCount.count) > 0,
            )
            query = query.order_by(col(GapCount.count).desc(), col(GapCount.name).desc()).limit(most)
            getattr(gaps, counter).update(dict(session.exec(query).all()))


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
