"""Products and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField
from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions
from scenario_hall.core.records import Record
from scenario_hall.core.values import Currency, Specification
from scenario_hall.organizations.models import Organization
from scenario_hall.products import lifecycle


class HeldCertificate(BaseModel):
    """A licence, type approval or test certificate that the product holds."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = ValueField(min_length=1, max_length=200)
    number: str = ValueField(default="", max_length=100)
    expires: date | None = None

    def is_in_force(self, day: date | None = None) -> bool:
        return self.expires is None or self.expires >= (day or local_today())


class ProductContent(SQLModel):
    """What the supplier writes."""

    title: str = Field(default="", max_length=200)
    model: str = Field(default="", max_length=100)
    version_label: str = Field(default="", max_length=60)
    summary: str = ""  # what it does
    limits: str = ""  # what it does not do
    domains: list[str] = Field(default_factory=list, sa_type=JSON)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    proposed_tags: list[str] = Field(default_factory=list, sa_type=JSON)
    specifications: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # core.values.Specification
    readiness_level: int | None = None  # 1–9
    earlier_uses: str = ""  # what a claimed first is tested against
    certificates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # HeldCertificate
    intellectual_property: str = ""
    price_min: int | None = Field(default=None, sa_type=BigInteger)
    price_max: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(default=Currency.CNY, max_length=3)
    regions_served: list[str] = Field(default_factory=list, sa_type=JSON)  # GB/T 2260 codes; empty: everywhere


class Product(Record, ProductContent, table=True):
    """A new technology or product that a supplier offers."""

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("organization_id", "external_reference"),)
    subject: ClassVar[str] = "product"

    code: str = Field(max_length=20, unique=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    created_by: int | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    listed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    revision: int = 0  # the number of the version that is public, 0 before the first listing
    state_reason: str = ""
    review_notes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    external_reference: str | None = Field(default=None, max_length=200)
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)

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

    def is_open(self) -> bool:
        """Can be applied with."""
        return self.state == lifecycle.LISTED

    @property
    def specification_lines(self) -> list[Specification]:
        return [Specification.model_validate(line) for line in self.specifications]

    @property
    def certificate_lines(self) -> list[HeldCertificate]:
        return [HeldCertificate.model_validate(line) for line in self.certificates]


class ProductVersion(SQLModel, table=True):
    """What was public from ``created_at`` on; a trial points at the version that it tried."""

    __tablename__ = "product_version"
    __table_args__ = (UniqueConstraint("product_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    number: int
    label: str = Field(default="", max_length=60)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    created_by: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
