"""To whom an item for review is given, and which administrators are away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime


class ReviewTurn(SQLModel, table=True):
    """The administrator to whom an item of a queue is given; None after it was given back. It holds until somebody is
    given the item anew: who returned it reads it again."""

    __tablename__ = "review_turn"
    __table_args__ = (UniqueConstraint("queue", "row_id"),)

    id: int | None = Field(default=None, primary_key=True)
    queue: str = Field(max_length=20)
    row_id: int
    code: str = Field(max_length=20)  # the item's: SQLite gives the id of a deleted draft again, no code twice
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    assigned_by: int | None = Field(default=None, foreign_key="account.id")
    assigned_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def subject(self) -> str:
        return "turn"

    @property
    def pk(self) -> int:
        if self.id is None:
            raise ValueError("the turn was not written yet")
        return self.id

    @property
    def public_code(self) -> str:
        return self.code


class Absence(SQLModel, table=True):
    """An administrator, or a member of an organisation, who is away to the end of a day, and who stands in."""

    __tablename__ = "absence"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    until: date
    stand_in_id: int | None = Field(default=None, foreign_key="account.id")
    said_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
