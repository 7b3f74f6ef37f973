"""Matches as the matcher last computed them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_


class Opinion(StrEnum):
    """What the scenario's owner says of a match."""

    USEFUL = "useful"
    NOT_USEFUL = "not_useful"
    INVITED = "invited"


OPINION_NAMES: dict[str, str] = {
    Opinion.USEFUL: N_("Useful"),
    Opinion.NOT_USEFUL: N_("Not useful"),
    Opinion.INVITED: N_("Invited"),
}


# As grades for ``evaluate match``: inviting is the strongest word.
GRADES = {Opinion.INVITED: 3, Opinion.USEFUL: 2, Opinion.NOT_USEFUL: 0}


class MatchOpinion(SQLModel, table=True):
    """An owner's word on one pair, with the number and the version of the rules that it was said of. It enters
    ``evaluate`` as a judgement and never changes a ranking."""

    __tablename__ = "match_opinion"

    scenario_id: int = Field(primary_key=True, foreign_key="scenario.id")
    product_id: int = Field(primary_key=True, foreign_key="product.id")
    opinion: str = Field(max_length=20)
    score: int | None = None
    rules_version: str = Field(max_length=20)
    account_id: int | None = None
    said_at: datetime = Field(sa_type=UtcDateTime)


class StoredMatch(SQLModel, table=True):
    """One scored, explained pair. ``score`` is None where there is too little to go on."""

    __tablename__ = "match"
    __table_args__ = (
        Index("match_scenario_rank", "scenario_id", "rank"),
        Index("match_product_rank", "product_id", "rank"),
    )

    scenario_id: int = Field(primary_key=True, foreign_key="scenario.id")
    product_id: int = Field(primary_key=True, foreign_key="product.id")
    score: int | None = None
    has_unmet_must: bool = False
    # One number to sort by: pairs without an unmet must first, then the unrounded score.
    rank: float
    reasons: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    rules_version: str = Field(max_length=20)
    computed_at: datetime = Field(sa_type=UtcDateTime)
