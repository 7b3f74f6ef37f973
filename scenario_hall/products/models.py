"""Products and their revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions
from scenario_hall.core.values import Specification
from scenario_hall.log.codes import PRODUCT
from scenario_hall.organizations.models import Organization
from scenario_hall.products.fields import FIELDS, HeldCertificate, ProductContent
from scenario_hall.products.lifecycle import DRAFTING, LIFECYCLE, LISTED, PERMISSIONS, PUBLIC
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.models import Publishable, Revision


class Product(Publishable, ProductContent, table=True):
    """A new technology or product that a supplier offers."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("organization_id", "external_reference"),
        Index("product_owner_state", "organization_id", "state"),
    )
    subject: ClassVar[str] = "product"
    permissions: ClassVar[Permissions] = PERMISSIONS
    fields: ClassVar[tuple[ContentField, ...]] = FIELDS
    code_prefix: ClassVar[str] = PRODUCT
    public_states: ClassVar[frozenset[str]] = PUBLIC
    drafting_states: ClassVar[frozenset[str]] = DRAFTING
    lifecycle: ClassVar[Lifecycle] = LIFECYCLE
    file_roles: ClassVar[tuple[FileRole, ...]] = (
        FileRole("picture", "edit", DRAFTING | {LISTED}, "product.file_removed"),
    )
    drafted_event: ClassVar[str] = "product.drafted"
    saved_event: ClassVar[str] = "product.saved"
    discarded_event: ClassVar[str] = "product.discarded"

    listed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    organization: Organization = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    def revision_row(self, **columns: Any) -> ProductRevision:
        return ProductRevision(product_id=self.pk, label=self.version_label, **columns)

    def revision_rows(self) -> SelectOfScalar[ProductRevision]:
        return select(ProductRevision).where(col(ProductRevision.product_id) == self.pk)

    def is_open(self) -> bool:
        """Can be applied with."""
        return self.state == LISTED

    @property
    def specification_lines(self) -> list[Specification]:
        return [Specification.model_validate(line) for line in self.specifications]

    @property
    def certificate_lines(self) -> list[HeldCertificate]:
        return [HeldCertificate.model_validate(line) for line in self.certificates]


class ProductRevision(Revision, table=True):
    """What was public from ``created_at`` on; a trial points at the revision that it tried."""

    __tablename__ = "product_revision"
    __table_args__ = (UniqueConstraint("product_id", "number"),)

    product_id: int = Field(foreign_key="product.id")
    label: str = Field(default="", max_length=60)
