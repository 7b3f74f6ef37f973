"""What retention has let go."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class RetentionRun(SQLModel, table=True):
    """When a rule of retention was carried out last, and how much it has let go."""

    __tablename__ = "retention_run"

    name: str = Field(primary_key=True, max_length=40)
    last_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    last_count: int = 0
    total: int = 0
