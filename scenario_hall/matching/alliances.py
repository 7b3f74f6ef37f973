"""Several suppliers together: the smallest sets of products that meet every must of a scenario between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from scenario_hall.core.values import Necessity
from scenario_hall.matching.explanation import Reasons
from scenario_hall.matching.requirements import Verdict

MOST_TOGETHER = 3
MOST_CANDIDATES = 40


@dataclass(frozen=True)
class Candidate:
    """A product, the places of the musts that it meets, and its rank."""

    code: str
    meets: frozenset[int]
    rank: float


def musts_of(reasons: Reasons) -> frozenset[int]:
    """The places of the scenario's musts."""
    return frozenset(place for place, line in enumerate(reasons.lines) if line.requirement.necessity is Necessity.MUST)


def met_by(reasons: Reasons) -> frozenset[int]:
    """The places of the musts that the product meets."""
    return frozenset(place for place in musts_of(reasons) if reasons.lines[place].verdict is Verdict.MET)


def smallest_sets(candidates: Sequence[Candidate], musts: frozenset[int], most: int = 5) -> list[tuple[str, ...]]:
    """The codes of the smallest sets that meet all ``musts``, the best-ranked first; none when one product meets them
    all, when there are no musts, or when more than three would be needed."""
    if not musts or any(candidate.meets >= musts for candidate in candidates):
        return []
    useful = sorted(
        (candidate for candidate in candidates if candidate.meets & musts),
        key=lambda candidate: (-len(candidate.meets & musts), -candidate.rank, candidate.code),
    )[:MOST_CANDIDATES]
    for size in range(2, MOST_TOGETHER + 1):
        found = [
            group for group in combinations(useful, size)
            if frozenset().union(*(candidate.meets for candidate in group)) >= musts and _is_tight(group, musts)
        ]  # fmt: skip
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
