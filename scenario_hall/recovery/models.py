"""What became of the backups that the schedule makes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class BackupRun(SQLModel, table=True):
    """One backup that the schedule has made, or tried to; ``fault`` is empty for a good one."""

    __tablename__ = "backup_run"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    folder: str = ""
    log_size: int = 0
    missing: str = Field(default="", sa_type=Text)
    fault: str = Field(default="", sa_type=Text)
