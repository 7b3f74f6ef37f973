"""Scenarios and their revisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.values import Currency, Requirement
from scenario_hall.organizations.models import Organization
from scenario_hall.scenarios import lifecycle


class ScenarioContent(SQLModel):
    """What the author writes. A draft may lack anything; ``completeness.missing`` says what a submission needs."""

    title: str = Field(default="", max_length=200)
    situation: str = ""  # what happens today and what hurts
    wanted_result: str = ""
    domains: list[str] = Field(default_factory=list, sa_type=JSON)  # tag slugs
    tags: list[str] = Field(default_factory=list, sa_type=JSON)  # tag slugs
    proposed_tags: list[str] = Field(default_factory=list, sa_type=JSON)  # free words for the taxonomy
    region: str = Field(default="", max_length=6)  # GB/T 2260 code
    place: str = Field(default="", max_length=200)
    requirements: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # core.values.Requirement
    site_data: str = ""
    site_space: str = ""
    site_airspace: str = ""
    site_access: str = ""
    budget_min: int | None = Field(default=None, sa_type=BigInteger)  # whole units of the currency
    budget_max: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(default=Currency.CNY, max_length=3)
    timetable: str = ""
    deadline: datetime | None = Field(default=None, sa_type=UtcDateTime)
    contact_name: str = Field(default="", max_length=100)  # the contact is never public
    contact_phone: str = Field(default="", max_length=60)
    contact_email: str = Field(default="", max_length=254)


CONTACT = frozenset({"contact_name", "contact_phone", "contact_email"})


class Scenario(Record, ScenarioContent, table=True):
    """A real place and problem that a demand-side organisation opens to new technology."""

    __tablename__ = "scenario"
    __table_args__ = (UniqueConstraint("organization_id", "external_reference"),)
    subject: ClassVar[str] = "scenario"

    code: str = Field(max_length=20, unique=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    created_by: int | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    revision: int = 0  # the number of the revision that is public, 0 before the release
    state_reason: str = ""
    review_notes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # field → reason, of the last return
    external_reference: str | None = Field(default=None, max_length=200)
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # an imported row as it was written

    organization: Organization = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

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
        return {"owner": self.organization_id}

    def is_public(self) -> bool:
        return self.state in lifecycle.PUBLIC and self.organization.is_public()

    def is_managed_by_hall(self) -> bool:
        return self.organization.is_imported_list_owner

    def is_open(self, moment: datetime | None = None) -> bool:
        """Takes applications: released, and its deadline not over by the server's clock."""
        return self.state == lifecycle.RELEASED and (self.deadline is None or self.deadline > (moment or now()))

    @property
    def requirement_lines(self) -> list[Requirement]:
        return [Requirement.model_validate(line) for line in self.requirements]


class ScenarioRevision(SQLModel, table=True):
    """What was public from ``created_at`` on. The contact is not part of it."""

    __tablename__ = "scenario_revision"
    __table_args__ = (UniqueConstraint("scenario_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    scenario_id: int = Field(foreign_key="scenario.id")
    number: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    created_by: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Question(SQLModel, table=True):
    """A question on a scenario; text and answer are public, who asked is not."""

    __tablename__ = "question"

    id: int | None = Field(default=None, primary_key=True)
    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    account_id: int | None = None
    text: str
    asked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
