"""Outcome records (first trials and first uses) and their certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship

from scenario_hall.applications.models import Application
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.lifecycle import CONFIRMED, LIFECYCLE, PERMISSIONS, PUBLIC, RETURNED, RUNNING
from scenario_hall.outcomes.plan.metrics import PlanMetric
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


CAUSE_NAMES: dict[str, str] = {
    Cause.EQUIPMENT: N_("Equipment"),
    Cause.SITE: N_("Site"),
    Cause.WEATHER: N_("Weather"),
    Cause.AIRSPACE: N_("Airspace or permits"),
    Cause.SAFETY: N_("Safety"),
    Cause.PEOPLE: N_("People"),
    Cause.FUNDING: N_("Funding"),
    Cause.REQUIREMENTS: N_("The requirements were wrong"),
    Cause.OTHER: N_("Another cause"),
}


class OutcomeKind(StrEnum):
    FIRST_TRIAL = "first_trial"
    FIRST_USE = "first_use"


OUTCOME_NAMES: dict[str, str] = {
    OutcomeKind.FIRST_TRIAL: N_("First trial"),
    OutcomeKind.FIRST_USE: N_("First use"),
}


class PlatformRole(StrEnum):
    HOST = "host"
    WITNESS = "witness"


PLATFORM_ROLE_NAMES: dict[str, str] = {
    PlatformRole.HOST: N_("hosts the trial"),
    PlatformRole.WITNESS: N_("attests to it"),
}


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
    permissions: ClassVar[Permissions] = PERMISSIONS
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    # Those of the report until it is sent, those of the claim until it is made.
    file_roles: ClassVar[tuple[FileRole, ...]] = (
        FileRole("evidence", "add_evidence", frozenset({RUNNING}), "outcome.file_removed", is_shared=True),
        FileRole("evidence.", "claim", frozenset({CONFIRMED, RETURNED}), "outcome.file_removed"),
    )

    code: str = Field(max_length=20, unique=True)
    kind: str = Field(max_length=20)
    application_id: int = Field(foreign_key="application.id", index=True)
    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    product_revision_id: int = Field(foreign_key="product_revision.id")
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
    product_revision: ProductRevision = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

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
        return self.state in PUBLIC

    def case(self) -> Case:
        return self.application.case()

    def managed_parties(self) -> frozenset[str]:
        return frozenset()

    @property
    def metric_lines(self) -> list[PlanMetric]:
        return [PlanMetric.model_validate(line) for line in self.metrics]
