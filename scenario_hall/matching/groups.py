"""Suppliers together, for the owner's page: the smallest sets of matched products that meet every must between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenario_hall.core.values import Requirement
from scenario_hall.matching.alliances import (
    Candidate,
    is_cross_border,
    may_join,
    met_by,
    musts_of,
    nearly_met_by,
    smallest_sets,
)
from scenario_hall.matching.service import ShownMatch


@dataclass(frozen=True)
class SupplierGroup:
    """Products that meet every must together, each with the musts that it meets."""

    matches: list[tuple[ShownMatch, list[Requirement]]]
    is_cross_border: bool


def supplier_groups(matches: Sequence[ShownMatch]) -> list[SupplierGroup]:
    if not matches:
        return []
    by_code = {match.product.code: match for match in matches}
    candidates = [
        Candidate(
            code, met_by(match.reasons), match.score or 0, match.product.organization_id, nearly_met_by(match.reasons)
        )
        for code, match in by_code.items()
        if may_join(match.reasons, match.score)
    ]
    regions = {code: match.product.organization.region for code, match in by_code.items()}
    return [
        SupplierGroup([(by_code[code], _met(by_code[code])) for code in group], is_cross_border(regions, group))
        for group in smallest_sets(candidates, musts_of(matches[0].reasons))
    ]


def _met(match: ShownMatch) -> list[Requirement]:
    return [match.reasons.lines[place].requirement for place in sorted(met_by(match.reasons))]
