"""Accounts, organisations and memberships."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions, Role
from scenario_hall.core.records import Record
from scenario_hall.core.texts import N_
from scenario_hall.organizations.lifecycle import LIFECYCLE, PERMISSIONS, REGISTERED, RETURNED, VERIFIED


class Side(StrEnum):
    DEMAND = "demand"
    SUPPLY = "supply"
    BOTH = "both"


SIDE_NAMES: dict[str, str] = {
    Side.DEMAND: N_("Demand side"),
    Side.SUPPLY: N_("Supplier"),
    Side.BOTH: N_("Demand side and supplier"),
}


# What an organisation says about itself, by the names that people read.
DETAIL_NAMES: dict[str, str] = {
    "name": N_("Full name"),
    "side": N_("Side"),
    "registration_kind": N_("Kind of registration number"),
    "registration_number": N_("Registration number"),
    "region": N_("Region"),
    "description": N_("What the organisation does"),
    "website": N_("Website"),
    "legal_person": N_("Legal representative"),
    "owners": N_("Owners"),
    "address": N_("Registered address"),
    "tiers": N_("Recognised tiers"),
    "is_pilot_platform": N_("Is a pilot platform (hosts pilot-scale tests)"),
    "pilot_capabilities": N_("What the pilot platform can do"),
    "pilot_capacity": N_("Trials at a time"),
}


class Account(SQLModel, table=True):
    """A person who can log in."""

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "administrators",
            "id",
            sqlite_where=text("is_administrator = 1"),
            postgresql_where=text("is_administrator"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=100)
    password_hash: str = Field(max_length=300)
    email_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_administrator: bool = False
    is_active: bool = True
    locale: str = Field(default="zh_Hans", max_length=10)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    # Closed for good: there is no address, name or password any more.
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Part of the session: raised when the password changes or the account is closed, so that old sessions end.
    session_generation: int = 1

    @property
    def subject(self) -> str:
        return "account"

    @property
    def public_code(self) -> str:
        return str(self.pk)

    @property
    def pk(self) -> int:
        if self.id is None:
            raise ValueError("the account was not written yet")
        return self.id


class Organization(Record, table=True):
    """A body that posts, applies, hosts or reviews."""

    __tablename__ = "organization"
    __table_args__ = (
        # A number proves nothing until somebody has looked, so only verified bodies hold theirs alone.
        Index(
            "one_verified_organization_a_number",
            "registration_kind",
            "registration_number",
            unique=True,
            sqlite_where=text("state IN ('verified', 'suspended') AND registration_number <> ''"),
            postgresql_where=text("state IN ('verified', 'suspended') AND registration_number <> ''"),
        ),
        UniqueConstraint("external_reference", name="organization_external_reference"),
        Index("recognised_platforms", "is_pilot_recognised", "name"),
    )
    subject: ClassVar[str] = "organization"
    permissions: ClassVar[Permissions] = PERMISSIONS
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    # What a verification rests on stays.
    file_roles: ClassVar[tuple[FileRole, ...]] = (
        FileRole("registration_document", "edit", frozenset({REGISTERED, RETURNED}), "organization.file_removed"),
    )

    name: str = Field(max_length=200, index=True)
    side: str = Field(max_length=10)
    registration_kind: str = Field(default="", max_length=10)
    registration_number: str = Field(default="", max_length=40)
    region: str = Field(default="", max_length=6)
    description: str = Field(default="")
    tiers: list[str] = Field(default_factory=list, sa_type=JSON)
    website: str = Field(default="", max_length=300)
    # Compared with the other side's when somebody claims a first use.
    legal_person: str = Field(default="", max_length=100)
    address: str = Field(default="", max_length=300)
    owners: list[str] = Field(default_factory=list, sa_type=JSON)
    # Stated by the organisation itself; trials may name it once administrators have recognised it.
    is_pilot_platform: bool = False
    is_pilot_recognised: bool = False
    pilot_capabilities: str = ""
    pilot_capacity: int = 0  # trials at a time
    # Made by an import for rows without an organisation: it owns lists and has nobody to contact.
    is_imported_list_owner: bool = False
    external_reference: str | None = Field(default=None, max_length=200)
    state_reason: str = ""
    # Since when a verified one states facts that nobody has verified yet (``facts.py``).
    facts_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    @property
    def public_code(self) -> str:
        return str(self.pk)

    @property
    def offers(self) -> bool:
        return self.side in (Side.SUPPLY, Side.BOTH)

    @property
    def demands(self) -> bool:
        return self.side in (Side.DEMAND, Side.BOTH)

    def parties(self) -> Mapping[str, int]:
        return {"self": self.pk}

    def is_public(self) -> bool:
        return self.state == VERIFIED

    def case(self) -> Case:
        own = f"{self.subject}:{self.pk}"
        return Case(kept=(own,), counted=(own,))

    def managed_parties(self) -> frozenset[str]:
        return frozenset(self.parties()) if self.is_imported_list_owner else frozenset()


class Membership(SQLModel, table=True):
    """A person's place in an organisation; ``is_active`` is false until an owner lets them in."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organization_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    role: str = Field(default=Role.VIEWER, max_length=10)
    is_active: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


# So long after they left, an administrator decides on an organisation's records again: two years, a leap year included.
NEUTRAL_AFTER = timedelta(days=731)


class FormerMembership(SQLModel, table=True):
    """A membership that has ended. Who leaves does not become neutral by it, and did belong to both sides."""

    __tablename__ = "former_membership"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    role: str = Field(max_length=10)
    ended_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
