"""What a run keeps beside its record: a pilot platform's attestation."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class Attestation(SQLModel, table=True):
    """What a pilot platform signs of a trial: its statement and the results that it saw, by their hash."""

    __tablename__ = "attestation"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    results_hash: str = Field(primary_key=True, max_length=64)
    platform_id: int = Field(foreign_key="organization.id")
    statement: str
    account_id: int | None = None
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
