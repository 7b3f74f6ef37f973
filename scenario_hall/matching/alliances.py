"""Several suppliers together: the smallest sets of products that meet every must of a scenario between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scenario_hall.core.values import Necessity
from scenario_hall.matching.engine.explanation import ChangeKind, Reasons
from scenario_hall.matching.engine.pairing import WEIGHTS
from scenario_hall.quantities.verdicts import Verdict

MOST_TOGETHER = 3
MOST_CANDIDATES = 40
# A partner's own score, where it shares a tag with the scenario.
LEAST_PARTNER = 20


@dataclass(frozen=True)
class Candidate:
    """A product, its supplier, the places of the musts that it meets, those that it meets or nearly does, and its
    rank."""

    code: str
    meets: frozenset[int]
    rank: float
    supplier: int
    nearly: frozenset[int] = frozenset()


def musts_of(reasons: Reasons) -> frozenset[int]:
    """The places of the scenario's musts."""
    return frozenset(place for place, line in enumerate(reasons.lines) if line.requirement.necessity is Necessity.MUST)


def met_by(reasons: Reasons) -> frozenset[int]:
    """The places of the musts that the product meets."""
    return frozenset(place for place in musts_of(reasons) if reasons.lines[place].verdict is Verdict.MET)


def nearly_met_by(reasons: Reasons) -> frozenset[int]:
    """The places of the musts that the product meets or nearly meets."""
    enough = (Verdict.MET, Verdict.NEAR)
    return frozenset(place for place in musts_of(reasons) if reasons.lines[place].verdict in enough)


def may_join(reasons: Reasons, score: int | None) -> bool:
    """Is the product about the scenario at all, and to be had there? A body's height that meets a line by chance is no
    partner: the pair has to come to the line by itself, or to name one of the scenario's tags and come near it; and
    neither region nor budget may speak against it."""
    is_about_it = (score or 0) >= WEIGHTS.qualifies or (bool(reasons.shared_tags) and (score or 0) >= LEAST_PARTNER)
    return is_about_it and not any(
        fit.verdict is Verdict.UNMET for fit in reasons.fits if fit.aspect in (ChangeKind.REGION, ChangeKind.BUDGET)
    )


def smallest_sets(candidates: Sequence[Candidate], musts: frozenset[int], most: int = 5) -> list[tuple[str, ...]]:
    """The codes of the smallest sets, of several suppliers, that meet all ``musts``, the best-ranked first; none when
    one product meets them all or misses them by a little, when there are no musts, or when more than three would be
    needed."""
    if not musts or any(candidate.meets | candidate.nearly >= musts for candidate in candidates):
        return []
    useful = sorted(
        (candidate for candidate in candidates if candidate.meets & musts),
        key=lambda candidate: (-len(candidate.meets & musts), -candidate.rank, candidate.code),
    )[:MOST_CANDIDATES]
    for size in range(2, MOST_TOGETHER + 1):
        found = [
            group
            for group in combinations(useful, size)
            if frozenset().union(*(candidate.meets for candidate in group)) >= musts
            and _is_tight(group, musts)
            and len({candidate.supplier for candidate in group}) > 1
        ]
        if found:
            found.sort(key=lambda group: (-sum(each.rank for each in group), [each.code for each in group]))
            return [tuple(each.code for each in group) for group in found[:most]]
    return []


def _is_tight(group: Sequence[Candidate], musts: frozenset[int]) -> bool:
    """Does each bring something that no other of the group does?"""
    return all(
        (each.meets & musts) - frozenset().union(*(other.meets for other in group if other is not each))
        for each in group
    )


def is_cross_border(regions: Mapping[str, str], group: Sequence[str]) -> bool:
    """Do the suppliers of a group sit in different ones of the mainland, Hong Kong and Macao?"""
    sides = {regions.get(code, "")[:2] for code in group}
    return len({side if side in ("81", "82") else "mainland" for side in sides}) > 1
