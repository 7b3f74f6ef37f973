"""Applications: a supplier offers one product for one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField
from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship

from scenario_hall.applications.lifecycle import LIFECYCLE, PERMISSIONS, SUBMITTED
from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.texts import N_
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.scenarios.models import Scenario


class AnswerKind(StrEnum):
    MEETS = "meets"
    PARTLY = "partly"
    DOES_NOT = "does_not"
    TO_BE_AGREED = "to_be_agreed"


ANSWER_NAMES: dict[str, str] = {
    AnswerKind.MEETS: N_("Meets it"),
    AnswerKind.PARTLY: N_("Partly meets it"),
    AnswerKind.DOES_NOT: N_("Does not meet it"),
    AnswerKind.TO_BE_AGREED: N_("To be agreed"),
}


class Answer(BaseModel):
    """The supplier's answer to one requirement, named by its metric."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    metric: str = ValueField(min_length=1, max_length=120)
    answer: AnswerKind
    statement: str = ValueField(default="", max_length=1000)


_STANDING = text("state IN ('submitted', 'shortlisted', 'accepted')")


class Application(Record, table=True):
    """One product offered for one scenario; ``organization_id`` is the supplier."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "one_standing_application_a_scenario_and_product",
            "scenario_id",
            "product_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )
    subject: ClassVar[str] = "application"
    permissions: ClassVar[Permissions] = PERMISSIONS
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    # From the shortlist on the owner decides by it.
    file_roles: ClassVar[tuple[FileRole, ...]] = (
        FileRole("application", "attach", frozenset({SUBMITTED}), "application.file_removed"),
    )

    code: str = Field(max_length=20, unique=True)
    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    product_revision_id: int = Field(foreign_key="product_revision.id")
    scenario_revision: int = 1  # the number of the scenario's revision that it answers
    organization_id: int = Field(foreign_key="organization.id", index=True)
    created_by: int | None = None
    proposal: str = ""
    answers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    # Metrics that the owner asks the supplier about; an answer with the same metric settles one.
    questions: list[str] = Field(default_factory=list, sa_type=JSON)
    submitted_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    feedback: str = ""

    scenario: Scenario = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product: Product = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})
    product_revision: ProductRevision = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        return {"supplier": self.organization_id, "demand": self.scenario.organization_id}

    def is_public(self) -> bool:
        return False

    def case(self) -> Case:
        """Who wrote the scenario or the product is on that side of the application, too."""
        own = f"{self.subject}:{self.pk}"
        return Case(
            kept=(own, f"applicants:{self.scenario_id}"),
            counted=(own, f"scenario:{self.scenario_id}", f"product:{self.product_id}"),
        )

    def managed_parties(self) -> frozenset[str]:
        kept = {"demand": self.scenario.is_managed_by_hall(), "supplier": self.product.is_managed_by_hall()}
        return frozenset(party for party, is_kept in kept.items() if is_kept)

    def answers_older_scenario(self) -> bool:
        """The scenario's substance has changed since the supplier applied or renewed."""
        return self.scenario_revision < self.scenario.substance_revision

    def offers_older_product(self) -> bool:
        """The product's substance has changed since it was offered."""
        return self.product_revision.number < self.product.substance_revision

    @property
    def open_questions(self) -> list[str]:
        """What was asked and has no answer yet."""
        answered = {line["metric"] for line in self.answers}
        return [metric for metric in self.questions if metric not in answered]

    @property
    def answer_lines(self) -> list[Answer]:
        return [Answer.model_validate(line) for line in self.answers]
