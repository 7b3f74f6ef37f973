"""What every published record has, and its revisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.policy import Case
from scenario_hall.core.records import Record
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.content import content_of, fill, missing, public_content
from scenario_hall.publishing.fields import ContentField


class Revision(SQLModel):
    """What was public from ``created_at`` on, without what is private."""

    id: int | None = Field(default=None, primary_key=True)
    number: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    created_by: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Publishable(Record):
    """A record that is written as a draft, reviewed, published and amended in revisions."""

    fields: ClassVar[tuple[ContentField, ...]]
    code_prefix: ClassVar[str]
    public_states: ClassVar[frozenset[str]]  # has been public: its page stays findable
    drafting_states: ClassVar[frozenset[str]]  # its owner may still rewrite it
    # The kinds of event of what has no transition of its own.
    drafted_event: ClassVar[str]
    saved_event: ClassVar[str]
    private_change_event: ClassVar[str]

    code: str = Field(max_length=20, unique=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    created_by: int | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 0  # the number of the revision that is public, 0 before the first
    state_reason: str = ""
    review_notes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # field → reason, of the last return
    external_reference: str | None = Field(default=None, max_length=200)
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # an imported row as it was written

    if TYPE_CHECKING:  # each table has these of its own: a relationship cannot be inherited
        title: str = ""
        organization: Organization = Relationship()

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        return {"owner": self.organization_id}

    def is_public(self) -> bool:
        return self.state in self.public_states and self.organization.is_public()

    def case(self) -> Case:
        own = f"{self.subject}:{self.pk}"
        return Case(kept=(own,), counted=(own,))

    def managed_parties(self) -> frozenset[str]:
        return frozenset({"owner"}) if self.is_managed_by_hall() else frozenset()

    def is_managed_by_hall(self) -> bool:
        """Belongs to an imported list, whose owner is the hall."""
        return self.organization.is_imported_list_owner

    def fill(self, written: Mapping[str, Any]) -> None:
        """Put the given fields into the record. Raises Invalid, field by field, changing nothing then."""
        fill(self, self.fields, written)

    def content(self) -> dict[str, Any]:
        """All that the author wrote, the private fields too, as JSON values."""
        return content_of(self, self.fields)

    def public_content(self) -> dict[str, Any]:
        """The content that everybody may read, as JSON values."""
        return public_content(self, self.fields)

    def missing(self) -> dict[str, str]:
        """What a submission still needs: field → what to do. Empty when it is complete."""
        # A published list says what it says; the hall answers for it.
        needed = [field for field in self.fields if field.is_required or not self.is_managed_by_hall()]
        return missing(self, needed)

    def revision_row(self, **columns: Any) -> Revision:
        """A row of the record's own table of revisions."""
        raise NotImplementedError


PublishableType = TypeVar("PublishableType", bound=Publishable)
RevisionType = TypeVar("RevisionType", bound=Revision)
