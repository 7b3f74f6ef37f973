"""Judging: a scenario's criteria, declared conflicts of interest, and the scores of single evaluators."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField
from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.language.names import localised

_FILE = Path(__file__).parent / "data" / "criteria.json"
HIGHEST_MARK = 5
HIGHEST_WEIGHT = 5


class ShippedCriterion(BaseModel):
    """A criterion that every scenario begins with, in the hall's languages."""

    model_config = ConfigDict(frozen=True)

    key: str
    weight: int = ValueField(ge=1, le=HIGHEST_WEIGHT)
    zh_hans: str
    zh_hant: str
    en: str
    pt: str


@cache
def shipped_criteria() -> dict[str, ShippedCriterion]:
    lines = (ShippedCriterion.model_validate(line) for line in json.loads(_FILE.read_text("utf-8")))
    return {line.key: line for line in lines}


class Criterion(BaseModel):
    """What is scored, and how much it counts. A shipped one has a ``key`` and is named in the reader's language;
    one that the editors wrote has its ``name`` only."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    key: str = ""
    name: str = ValueField(default="", max_length=120)
    weight: int = ValueField(default=3, ge=1, le=HIGHEST_WEIGHT)

    def shown(self, locale: str) -> str:
        return localised(shipped_criteria()[self.key], locale) if self.key else self.name


def criterion(name: str, weight: int) -> Criterion:
    """A criterion as it was typed; one that bears a shipped name stays the shipped one. Raises ValueError."""
    name = name.strip()
    for each in shipped_criteria().values():
        if name in (each.zh_hans, each.zh_hant, each.en, each.pt):
            return Criterion(key=each.key, weight=weight)
    return Criterion(name=name, weight=weight)


def default_criteria() -> list[Criterion]:
    return [Criterion(key=each.key, weight=each.weight) for each in shipped_criteria().values()]


class Mark(BaseModel):
    """One evaluator's mark for one criterion, and why."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    mark: int = ValueField(ge=0, le=HIGHEST_MARK)
    comment: str = ValueField(default="", max_length=1000)


class Judging(SQLModel, table=True):
    """How one scenario's applications are judged; there is none until an editor or evaluator has begun."""

    __tablename__ = "judging"

    scenario_id: int = Field(primary_key=True, foreign_key="scenario.id", sa_column_kwargs={"autoincrement": False})
    # Of the criteria: marks given for others than the stored ones are refused.
    version: int = 1
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # Criterion
    # Ids of the applications whose scores all evaluators see. One that comes later is scored alone first again.
    revealed: list[int] = Field(default_factory=list, sa_type=JSON)

    @property
    def criterion_lines(self) -> list[Criterion]:
        return [Criterion.model_validate(line) for line in self.criteria]


class Declaration(SQLModel, table=True):
    """An evaluator's declaration of interests in one application, made before they score it."""

    __tablename__ = "interest_declaration"

    application_id: int = Field(primary_key=True, foreign_key="application.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    has_conflict: bool
    reason: str = ""
    declared_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Score(SQLModel, table=True):
    """One evaluator's marks for one application, in the criteria's order. Rows are never changed: the one with the
    highest number counts, the others are its history."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("application_id", "account_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    number: int
    is_joint: bool = False  # given after the scores were opened to all evaluators
    marks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # Mark
    reason: str = ""  # why it was revised
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def mark_lines(self) -> list[Mark]:
        return [Mark.model_validate(line) for line in self.marks]
