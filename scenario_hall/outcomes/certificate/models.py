"""The certificate that an approved outcome gets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.outcomes.models import Outcome


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
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the certificate was not written yet")
        return self.id

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None


class SignedCertificate(SQLModel, table=True):
    """A certificate as it was signed, once for each status; whoever asks gets this and no fresh signature."""

    __tablename__ = "signed_certificate"
    __table_args__ = (UniqueConstraint("certificate_id", "status", name="one_signature_a_status"),)

    id: int | None = Field(default=None, primary_key=True)
    certificate_id: int = Field(foreign_key="certificate.id")
    status: str = Field(max_length=10)
    signed: dict[str, Any] = Field(sa_type=JSON)


class SignedList(SQLModel, table=True):
    """A list of revocations as it was signed last. ``covers``: what had been signed by then."""

    __tablename__ = "signed_list"

    name: str = Field(primary_key=True, max_length=20)
    covers: str = Field(max_length=80)
    signed: dict[str, Any] = Field(sa_type=JSON)


class CertificateCredential(SQLModel, table=True):
    """A certificate as a verifiable credential, as it was signed once. ``base_url``: the hall's address that day."""

    __tablename__ = "certificate_credential"

    certificate_id: int = Field(
        primary_key=True, foreign_key="certificate.id", sa_column_kwargs={"autoincrement": False}
    )
    base_url: str = Field(max_length=300)
    signed: dict[str, Any] = Field(sa_type=JSON)
