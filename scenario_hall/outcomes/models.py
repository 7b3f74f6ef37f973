"""Outcome records (first trials and first uses) and their certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField
from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.applications.models import Application
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.policy import Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.core.workflow import Workflow
from scenario_hall.outcomes import workflow
from scenario_hall.products.models import Product, ProductVersion
from scenario_hall.scenarios.models import Scenario


class OutcomeKind(StrEnum):
    FIRST_TRIAL = "first_trial"
    FIRST_USE = "first_use"


class MetricVerdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_MEASURED = "not_measured"


class PlanMetric(BaseModel):
    """One line of the plan with its threshold, and what was measured, in the same unit."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    metric: str = ValueField(min_length=1, max_length=120)
    comparison: Comparison
    value: float | None = ValueField(default=None, allow_inf_nan=False)
    value_high: float | None = ValueField(default=None, allow_inf_nan=False)
    unit: str = ValueField(default="", max_length=40)
    measured: float | None = ValueField(default=None, allow_inf_nan=False)
    note: str = ValueField(default="", max_length=400)

    @property
    def verdict(self) -> MetricVerdict:
        """Computed from the measured value, never typed. A property (HAS) counts 1 for there, 0 for not."""
        if self.measured is None:
            return MetricVerdict.NOT_MEASURED
        low = 1.0 if self.comparison is Comparison.HAS else self.value
        if low is None:
            return MetricVerdict.NOT_MEASURED
        is_met = {
            Comparison.AT_LEAST: self.measured >= low,
            Comparison.AT_MOST: self.measured <= low,
            Comparison.EQUAL_TO: self.measured == low,
            Comparison.BETWEEN: low <= self.measured <= (self.value_high if self.value_high is not None else low),
            Comparison.HAS: self.measured >= low,
        }[self.comparison]
        return MetricVerdict.MET if is_met else MetricVerdict.NOT_MET

    @classmethod
    def of(cls, requirement: Requirement) -> PlanMetric:
        """A plan's line from a scenario's requirement."""
        return cls.model_validate(requirement.model_dump(exclude={"necessity"}))


_APPROVED = text("state = 'approved'")


class Outcome(Record, table=True):
    """The record of a first trial or a first use, from an accepted application."""

    __tablename__ = "outcome"
    __table_args__ = (
        Index(
            "one_approved_outcome_a_product_and_kind",
            "product_id",
            "kind",
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
    )
    subject: ClassVar[str] = "outcome"

    code: str = Field(max_length=20, unique=True)
    kind: str = Field(max_length=20)
    application_id: int = Field(foreign_key="application.id", index=True)
    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    product_version_id: int = Field(foreign_key="product_version.id")
    supplier_id: int = Field(foreign_key="organization.id", index=True)
    demand_id: int = Field(foreign_key="organization.id", index=True)
    created_by: int | None = None
    place: str = Field(default="", max_length=200)
    starts_on: date | None = None
    ends_on: date | None = None
    metrics: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # PlanMetric
    summary: str = ""
    lessons: str = ""
    reporter_id: int | None = Field(default=None, foreign_key="organization.id")
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    state_reason: str = ""

    application: Application = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    scenario: Scenario = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product: Product = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product_version: ProductVersion = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def workflow(self) -> Workflow:
        return workflow.WORKFLOW

    @property
    def permissions(self) -> Permissions:
        return workflow.PERMISSIONS

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        sides = {"supplier": self.supplier_id, "demand": self.demand_id}
        if self.reporter_id is None:
            return sides
        other = self.demand_id if self.reporter_id == self.supplier_id else self.supplier_id
        return {**sides, "reporter": self.reporter_id, "other": other}

    def is_public(self) -> bool:
        return self.state in workflow.PUBLIC

    def is_kept_by_hall(self) -> bool:
        return False

    @property
    def metric_lines(self) -> list[PlanMetric]:
        return [PlanMetric.model_validate(line) for line in self.metrics]


class Certificate(SQLModel, table=True):
    """What an approved outcome gets. ``content`` is what was certified, as it was that day."""

    __tablename__ = "certificate"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, unique=True)
    outcome_id: int = Field(foreign_key="outcome.id", unique=True)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    issued_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revocation_reason: str = ""

    outcome: Outcome = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None
