"""The three jurisdictions of the Greater Bay Area, each with a law of its own on people's data."""

from __future__ import annotations

from enum import StrEnum

from scenario_hall.core.texts import N_


class Jurisdiction(StrEnum):
    MAINLAND = "mainland"
    HONG_KONG = "hong_kong"
    MACAO = "macao"


JURISDICTION_NAMES: dict[str, str] = {
    Jurisdiction.MAINLAND: N_("The mainland"),
    Jurisdiction.HONG_KONG: N_("Hong Kong"),
    Jurisdiction.MACAO: N_("Macao"),
}
_SPECIAL = {"810000": Jurisdiction.HONG_KONG, "820000": Jurisdiction.MACAO}  # GB/T 2260


def jurisdiction_of(region: str) -> Jurisdiction | None:
    """In which of the three a region's code lies; None for no region."""
    return _SPECIAL.get(region, Jurisdiction.MAINLAND) if region else None


def crossed(own: str, other: str) -> frozenset[Jurisdiction]:
    """The jurisdictions that data from the region ``own`` would come into at the region ``other``. Where a region is
    not known ("") it may be any of the three, and all that it may be are named."""
    there = jurisdiction_of(other)
    reached = frozenset(Jurisdiction) if there is None else frozenset({there})
    return reached - {jurisdiction_of(own)}
