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
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.outcomes import lifecycle
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.scenarios.models import Scenario


class Cause(StrEnum):
    """Why a trial ended without its result."""

    EQUIPMENT = "equipment"
    SITE = "site"
    WEATHER = "weather"
    AIRSPACE = "airspace"
    SAFETY = "safety"
    PEOPLE = "people"
    FUNDING = "funding"
    REQUIREMENTS = "requirements"
    OTHER = "other"


class OutcomeKind(StrEnum):
    FIRST_TRIAL = "first_trial"
    FIRST_USE = "first_use"


class PlatformRole(StrEnum):
    HOST = "host"
    WITNESS = "witness"


# How far a measured value may miss its threshold and count as partly met: a tenth of the threshold.
PARTLY_MARGIN = 0.10


class MetricVerdict(StrEnum):
    MET = "met"
    PARTLY = "partly_met"
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
    baseline: float | None = ValueField(default=None, allow_inf_nan=False)
    method: str = ValueField(default="", max_length=400)
    sample: str = ValueField(default="", max_length=200)
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
        high = self.value_high if self.value_high is not None else low
        missing = {
            Comparison.AT_LEAST: low - self.measured,
            Comparison.AT_MOST: self.measured - low,
            Comparison.EQUAL_TO: abs(self.measured - low),
            Comparison.BETWEEN: max(low - self.measured, self.measured - high),
            Comparison.HAS: low - self.measured,
        }[self.comparison]
        if missing <= 0:
            return MetricVerdict.MET
        is_near = self.comparison is not Comparison.HAS and missing <= PARTLY_MARGIN * max(abs(low), abs(high))
        return MetricVerdict.PARTLY if is_near else MetricVerdict.NOT_MET

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
            "one_approved_outcome_a_product_kind_and_scope",
            "product_id",
            "kind",
            "scope",
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
    # A pilot platform that hosts the trial, or only attests to it.
    platform_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    platform_role: str = Field(default="", max_length=10)
    created_by: int | None = None
    place: str = Field(default="", max_length=200)
    starts_on: date | None = None
    ends_on: date | None = None
    metrics: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # PlanMetric
    # What the plan says beside its metrics: PLAN_TERMS; its canonical form's hash once both sides have signed.
    plan_terms: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    plan_hash: str = Field(default="", max_length=64)
    # Of an amended plan, the hash of the one before it; so the hashes make a chain down to the original.
    amends: str = Field(default="", max_length=64)
    scope: str = Field(default="", max_length=20)
    # What the supplier declares with the claim: CLAIM_DECLARATIONS.
    declarations: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    # What the supplier states of each piece of evidence (``evidence.Facts``); the patent's number apart, to find twins.
    evidence_facts: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSON)
    patent_number: str = Field(default="", max_length=60, index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rules_version: str = Field(default="", max_length=20)
    review_round: int = 0
    returned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notice_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notice_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cause: str = Field(default="", max_length=20)
    # May the lessons of a stopped trial be shown without the names?
    lessons_are_public: bool = False
    summary: str = ""
    lessons: str = ""
    reporter_id: int | None = Field(default=None, foreign_key="organization.id")
    reporter_account_id: int | None = None
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    state_reason: str = ""

    application: Application = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    scenario: Scenario = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product: Product = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product_version: ProductRevision = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def lifecycle(self) -> Lifecycle:
        return lifecycle.LIFECYCLE

    @property
    def permissions(self) -> Permissions:
        return lifecycle.PERMISSIONS

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        sides = {"supplier": self.supplier_id, "demand": self.demand_id}
        if self.platform_id is not None:
            sides["platform"] = self.platform_id
        if self.reporter_id is None:
            return sides
        other = self.demand_id if self.reporter_id == self.supplier_id else self.supplier_id
        return {**sides, "reporter": self.reporter_id, "other": other}

    def is_public(self) -> bool:
        return self.state in lifecycle.PUBLIC

    def is_managed_by_hall(self) -> bool:
        return False

    @property
    def metric_lines(self) -> list[PlanMetric]:
        return [PlanMetric.model_validate(line) for line in self.metrics]


PLAN_TERMS = (
    "stop_rule",
    "responsible_supplier",
    "responsible_demand",
    "safety",
    "insurance",
    "dismantling",
    "payment",
)
CLAIM_DECLARATIONS = ("earlier_sales", "equity_link", "why_first")


class PlanSignature(SQLModel, table=True):
    """One side's signature under one form of the plan."""

    __tablename__ = "plan_signature"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    side: str = Field(primary_key=True, max_length=10)  # supplier, demand
    plan_hash: str = Field(primary_key=True, max_length=64)
    account_id: int | None = None
    signed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class AdviceKind(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


class Advice(SQLModel, table=True):
    """What one reviewer says in one round of review; nobody sees another's before giving his own."""

    __tablename__ = "advice"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    round: int = Field(primary_key=True)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    advice: str = Field(max_length=10)
    marks: dict[str, int] = Field(default_factory=dict, sa_type=JSON)  # criterion → 0–5
    reason: str = ""
    checked: list[str] = Field(default_factory=list, sa_type=JSON)  # the kinds of evidence that he looked at
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Objection(SQLModel, table=True):
    """An objection during public notice; reason and answer are public, who objected is not."""

    __tablename__ = "objection"

    id: int | None = Field(default=None, primary_key=True)
    outcome_id: int = Field(foreign_key="outcome.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    reason: str
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""
    is_upheld: bool = False
    answered_by: int | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RuleVersion(SQLModel, table=True):
    """Rules that administrators made, dated; see ``rules.py``."""

    __tablename__ = "rule_version"

    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=20, unique=True)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    account_id: int | None = None
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def subject(self) -> str:
        return "taxonomy"

    @property
    def pk(self) -> int:
        return self.id or 0

    @property
    def public_code(self) -> str:
        return self.version


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
