"""What became of the clock's jobs."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class JobRun(SQLModel, table=True):
    """When a job ran and runs next, and what it raised."""

    __tablename__ = "job_run"

    name: str = Field(primary_key=True, max_length=60)
    next_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done: int = 0  # in the last run
    failures: int = 0  # in a row
    last_error: str = ""
