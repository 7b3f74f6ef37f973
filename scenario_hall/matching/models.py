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


class MatchPart(SQLModel, table=True):
    """What one share of a divided matcher found for a record: the best pairs over the products that it holds, kept
    until they are merged with those of the other shares."""

    __tablename__ = "match_part"

    subject: str = Field(primary_key=True, max_length=20)
    record_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    share: str = Field(primary_key=True, max_length=20)
    position: int = Field(index=True)  # how far the share had read the log
    is_open: bool
    is_merged: bool = False
    rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class GapKind(StrEnum):
    """What is counted of a domain: its open scenarios, those that no product answers, and, over their stored matches,
    what was not met, not stated, not mentioned, and would lift a pair over the line."""

    OPEN = "open"
    UNANSWERED = "unanswered"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    TECHNOLOGY = "technology"
    LIFT = "lift"


class GapScenario(SQLModel, table=True):
    """An open scenario as the sums hold it: one row for each of its domains ("" where it has none)."""

    __tablename__ = "gap_scenario"
    __table_args__ = (Index("gap_scenario_newest", "domain", "qualifying", "scenario_id"),)

    domain: str = Field(primary_key=True, max_length=80)
    scenario_id: int = Field(primary_key=True, foreign_key="scenario.id", index=True)
    qualifying: int = 0  # how many of its stored matches qualify


class GapCount(SQLModel, table=True):
    """One sum over the products of an organisation, or of ALL_SUPPLIERS; ``name`` is the metric's slug, the tag or the
    kind of change that is counted, "" for scenarios."""

    __tablename__ = "gap_count"
    __table_args__ = (Index("gap_count_most", "organization_id", "domain", "kind", "count", "name"),)

    organization_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    domain: str = Field(primary_key=True, max_length=80)
    kind: str = Field(primary_key=True, max_length=12)
    name: str = Field(primary_key=True, max_length=200)
    count: int = 0


ALL_SUPPLIERS = 0
