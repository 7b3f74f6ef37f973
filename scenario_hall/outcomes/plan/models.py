"""What a plan keeps beside its record: its terms' names, signatures, amendments, milestones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.texts import N_
from scenario_hall.outcomes.lifecycle import AMENDMENT, AMENDMENT_PERMISSIONS
from scenario_hall.outcomes.models import Outcome

_PROPOSED = text("state = 'proposed'")


class PlanAmendment(Record, table=True):
    """A change of a signed plan: proposed by one side, in force when the other signs it too."""

    __tablename__ = "plan_amendment"
    __table_args__ = (
        Index(
            "one_open_amendment_an_outcome",
            "outcome_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
    )
    subject: ClassVar[str] = "amendment"
    permissions: ClassVar[Permissions] = AMENDMENT_PERMISSIONS
    lifecycle: ClassVar[Lifecycle] = AMENDMENT

    outcome_id: int = Field(foreign_key="outcome.id", index=True)
    number: int
    proposer_id: int = Field(foreign_key="organization.id")
    created_by: int | None = None
    reason: str = ""
    # The plan documents before and after, and their hashes.
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    before_hash: str = Field(default="", max_length=64)
    after_hash: str = Field(default="", max_length=64)
    state_reason: str = ""

    outcome: Outcome = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def public_code(self) -> str:
        return f"{self.outcome.code}/{self.number}"

    def parties(self) -> Mapping[str, int]:
        sides = {"supplier": self.outcome.supplier_id, "demand": self.outcome.demand_id}
        other = next(key for key in sides.values() if key != self.proposer_id)
        return {**sides, "proposer": self.proposer_id, "other": other}

    def is_public(self) -> bool:
        return False

    def case(self) -> Case:
        return self.outcome.case()

    def managed_parties(self) -> frozenset[str]:
        return frozenset()


_OPEN = text("reached_at IS NULL AND exempted_at IS NULL")


class Milestone(SQLModel, table=True):
    """One day of a signed plan by which something has to be done; which ones there are is data."""

    __tablename__ = "milestone"
    __table_args__ = (Index("open_milestones", "due_on", "outcome_id", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    name: str = Field(primary_key=True, max_length=20)
    due_on: date
    reached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reached_by: int | None = None
    note: str = ""
    exempted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    exempted_by: int | None = None
    exemption: str = ""
    # The next day on which the sides are reminded; none once it is reached or exempted.
    remind_on: date | None = Field(default=None, index=True)

    @property
    def is_open(self) -> bool:
        return self.reached_at is None and self.exempted_at is None


PARTY_NAMES: dict[str, str] = {"supplier": N_("Supplier"), "demand": N_("Demand side")}
PLAN_TERM_NAMES: dict[str, str] = {
    "stop_rule": N_("Stops when"),
    "responsible_supplier": N_("Person responsible at the supplier"),
    "responsible_demand": N_("Person responsible at the site"),
    "safety": N_("Safety"),
    "insurance": N_("Insurance"),
    "dismantling": N_("Dismantled by"),
    "payment": N_("Paid by"),
}
PLAN_TERMS = tuple(PLAN_TERM_NAMES)
PERSONS = ("responsible_supplier", "responsible_demand")


class PlanSignature(SQLModel, table=True):
    """One side's signature under one form of the plan."""

    __tablename__ = "plan_signature"

    outcome_id: int = Field(primary_key=True, foreign_key="outcome.id")
    side: str = Field(primary_key=True, max_length=10)  # supplier, demand
    plan_hash: str = Field(primary_key=True, max_length=64)
    account_id: int | None = None
    signed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
