"""Scenarios and their revisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import HONG_KONG, now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.errors import Invalid
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Requirement
from scenario_hall.log.codes import SCENARIO
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.models import Publishable, Revision
from scenario_hall.scenarios.fields import FIELDS, ScenarioContent
from scenario_hall.scenarios.lifecycle import DRAFTING, LIFECYCLE, PERMISSIONS, PUBLIC, RELEASED


class Scenario(Publishable, ScenarioContent, table=True):
    """A real place and problem that a demand-side organisation opens to new technology."""

    __tablename__ = "scenario"
    __table_args__ = (
        UniqueConstraint("organization_id", "external_reference"),
        Index("scenario_owner_state", "organization_id", "state"),
        Index("scenario_state_released", "state", "released_at"),
        Index("scenario_state_deadline", "state", "deadline"),
    )
    subject: ClassVar[str] = "scenario"
    permissions: ClassVar[Permissions] = PERMISSIONS
    fields: ClassVar[tuple[ContentField, ...]] = FIELDS
    code_prefix: ClassVar[str] = SCENARIO
    public_states: ClassVar[frozenset[str]] = PUBLIC
    drafting_states: ClassVar[frozenset[str]] = DRAFTING
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    file_roles: ClassVar[tuple[FileRole, ...]] = (FileRole("attachment", "edit", DRAFTING, "scenario.file_removed"),)
    drafted_event: ClassVar[str] = "scenario.drafted"
    saved_event: ClassVar[str] = "scenario.saved"
    discarded_event: ClassVar[str] = "scenario.discarded"
    private_change_event: ClassVar[str] = "scenario.contact_changed"

    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    organization: Organization = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    def case(self) -> Case:
        """Who applied to it does not decide for its owner how applications are judged."""
        own = f"{self.subject}:{self.pk}"
        return Case(kept=(own,), counted=(own, f"applicants:{self.pk}"))

    def missing(self) -> dict[str, str]:
        """What a submission still needs, a way to reach the contact and a deadline that lies ahead included."""
        faults = super().missing()
        if not (self.contact_phone or self.contact_email or self.is_managed_by_hall()):
            faults["contact_email"] = N_(
                "Enter the contact's e-mail address or telephone number; it is never made public."
            )
        if self.deadline is not None and self.deadline <= now():
            faults["deadline"] = N_("The deadline has already passed.")
        return faults

    def revision_row(self, **columns: Any) -> ScenarioRevision:
        return ScenarioRevision(scenario_id=self.pk, **columns)

    def revision_rows(self) -> SelectOfScalar[ScenarioRevision]:
        return select(ScenarioRevision).where(col(ScenarioRevision.scenario_id) == self.pk)

    def keep_promises(self, published: Sequence[Mapping[str, Any]]) -> None:
        """The deadline is never earlier than any that was public, also where it was taken out meanwhile."""
        floor = max(
            (datetime.fromisoformat(each["deadline"]) for each in published if each.get("deadline")), default=None
        )
        # A form shows and sends whole minutes.
        if floor is not None and self.deadline is not None and self.deadline < floor.replace(second=0, microsecond=0):
            message = N_(
                "The deadline can be moved later, not earlier than %(floor)s (Hong Kong time), which was public: "
                "suppliers rely on it."
            )
            raise Invalid({"deadline": message}, floor=f"{floor.astimezone(HONG_KONG):%Y-%m-%d %H:%M}")

    def is_open(self, moment: datetime | None = None) -> bool:
        """Takes applications: released, and its deadline not over by the server's clock."""
        return self.state == RELEASED and (self.deadline is None or self.deadline > (moment or now()))

    @property
    def requirement_lines(self) -> list[Requirement]:
        return [Requirement.model_validate(line) for line in self.requirements]


class ScenarioRevision(Revision, table=True):
    """What was public from ``created_at`` on. The contact is not part of it."""

    __tablename__ = "scenario_revision"
    __table_args__ = (UniqueConstraint("scenario_id", "number"),)

    scenario_id: int = Field(foreign_key="scenario.id")


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
