"""Matches as the matcher last computed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from scenario_hall.core.db import UtcDateTime


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
