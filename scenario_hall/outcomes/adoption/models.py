"""What is asked at 3, 6 and 12 months after an approval: the rhythm, the answers' values, and their table."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic import Field as ValueField
from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.models import Outcome
from scenario_hall.taxonomy.regions import region

MONTHS = (3, 6, 12)
# Working days that a question may stay open before the one reminder.
REMINDER_WORKING_DAYS = 10
# Days after the first answer in which it may still be corrected.
CORRECTION_DAYS = 30
MAX_ADOPTERS = 9_999
MAX_REMARK = 2_000


class Contract(StrEnum):
    YES = "yes"
    NOT_YET = "not_yet"
    NO = "no"


CONTRACT_NAMES: dict[str, str] = {
    Contract.YES: N_("Yes"),
    Contract.NOT_YET: N_("Not yet"),
    Contract.NO: N_("No"),
}


class AmountBand(StrEnum):
    """The contracts' sum in yuan. A band, so that a side may answer what it would not write down to the yuan."""

    NONE = "none"
    UNDER_100K = "under_100k"
    FROM_100K = "100k_to_500k"
    FROM_500K = "500k_to_1m"
    FROM_1M = "1m_to_5m"
    FROM_5M = "5m_to_10m"
    OVER_10M = "over_10m"


AMOUNT_NAMES: dict[str, str] = {
    AmountBand.NONE: N_("None"),
    AmountBand.UNDER_100K: N_("Under 100,000 yuan"),
    AmountBand.FROM_100K: N_("100,000 to 500,000 yuan"),
    AmountBand.FROM_500K: N_("500,000 to 1 million yuan"),
    AmountBand.FROM_1M: N_("1 to 5 million yuan"),
    AmountBand.FROM_5M: N_("5 to 10 million yuan"),
    AmountBand.OVER_10M: N_("Over 10 million yuan"),
}


class Adopter(BaseModel):
    """Another organisation that uses the product after the first one; either part may be unknown.

    Raises ValueError for a region that is none of the hall's.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = ValueField(default="", max_length=200)
    region: str = ""

    @field_validator("region")
    @classmethod
    def _is_a_region_or_unknown(cls, code: str) -> str:
        return region(code).code if code else ""


class Answers(BaseModel):
    """The answers to one question. Raises ValueError when more adopters are named than counted."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    contract: Contract
    amount: AmountBand = AmountBand.NONE
    may_show_amount: bool = False
    second_order: bool
    adopters_count: int = ValueField(default=0, ge=0, le=MAX_ADOPTERS)
    adopters: tuple[Adopter, ...] = ()
    still_in_use: bool
    remark: str = ValueField(default="", max_length=MAX_REMARK)

    @model_validator(mode="after")
    def _named_are_counted(self) -> Answers:
        if len(self.adopters) > self.adopters_count:
            raise ValueError("more adopters are named than counted")
        return self


_OPEN = text("asked_at IS NOT NULL AND answered_at IS NULL")


class FollowUp(SQLModel, table=True):
    """One question after an approval, asked of both sides and answered by either."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("follow_up_next_step_on", "next_step_on"),
        Index("open_follow_ups", "asked_at", "outcome_id", "month", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    month: int = Field(primary_key=True)  # one of MONTHS
    due_on: date
    # The day on which the clock has to do something next: ask, then remind; None when it has nothing left to do.
    next_step_on: date | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: int | None = None
    version: int = 1
    contract: str = Field(default="", max_length=10)
    amount: str = Field(default="", max_length=20)
    may_show_amount: bool = False
    second_order: bool = False
    adopters_count: int = 0
    adopters: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # Adopter
    still_in_use: bool = False
    remark: str = ""

    outcome: Outcome = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def is_open(self) -> bool:
        return self.asked_at is not None and self.answered_at is None

    @property
    def is_overdue(self) -> bool:
        """Still open after the reminder."""
        return self.is_open and self.reminded_at is not None

    def takes_answers(self, moment: datetime) -> bool:
        """Asked, and either open or answered so lately that it may be corrected."""
        if self.asked_at is None:
            return False
        return self.answered_at is None or moment <= self.answered_at + timedelta(days=CORRECTION_DAYS)

    @property
    def as_of(self) -> datetime | None:
        """When the answers were given as they stand."""
        return self.corrected_at or self.answered_at

    @property
    def answers(self) -> Answers | None:
        """The answers as they stand; None before the first."""
        if self.answered_at is None:
            return None
        return Answers.model_validate({name: getattr(self, name) for name in Answers.model_fields})

    @property
    def adopters_by_region(self) -> list[tuple[str, int]]:
        """Region code ("" where nobody said) → how many other adopters, most first. Names stay with the two sides."""
        counted = Counter(Adopter.model_validate(each).region for each in self.adopters)
        counted[""] += self.adopters_count - sum(counted.values())
        return [(code, count) for code, count in counted.most_common() if count]
