"""What retention has let go, and what people have asked for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Text
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


class PersonRequest(SQLModel, table=True):
    """One request of a person about their data, answered or not."""

    __tablename__ = "person_request"

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=300)  # name, and how to reach them
    place: str = Field(max_length=10)
    kind: str = Field(max_length=12)
    wanted: str = Field(default="", sa_type=Text)
    received_on: date
    due_on: date
    entered_by: int = Field(foreign_key="account.id")
    answer: str = Field(default="", sa_type=Text)
    is_refused: bool = False
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: int | None = Field(default=None, foreign_key="account.id")

    @property
    def subject(self) -> str:
        return "request"

    @property
    def pk(self) -> int:
        if self.id is None:
            raise ValueError("the request was not written yet")
        return self.id

    @property
    def public_code(self) -> str:
        return str(self.pk)
