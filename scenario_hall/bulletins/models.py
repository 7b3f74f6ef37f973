"""The bulletins that were frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from scenario_hall.bulletins.figures import Figures
from scenario_hall.bulletins.months import Month
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class Bulletin(SQLModel, table=True):
    """A month's figures as they were when it had ended; ``id`` is the month's key. ``entry`` is the last line of the
    log that they are counted from."""

    __tablename__ = "bulletin"
    subject: ClassVar[str] = "bulletin"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int
    entry_hash: str = Field(max_length=64)
    figures: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def pk(self) -> int:
        return self.id

    @property
    def month(self) -> Month:
        return Month.of_key(self.id)

    @property
    def public_code(self) -> str:
        return self.month.code

    def read(self) -> Figures:
        """The figures as a value."""
        return Figures.model_validate(self.figures)
