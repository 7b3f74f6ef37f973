"""What every published record has, and its revisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, Relationship, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Case, Permissions
from scenario_hall.core.records import Record
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.content import content_of, fill, missing, public_content
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.lifecycle import PROPOSED, REVISION, REVISION_PERMISSIONS


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
    discarded_event: ClassVar[str]  # with the import that made it
    private_change_event: ClassVar[str]

    code: str = Field(max_length=20, unique=True)
    organization_id: int = Field(foreign_key="organization.id")  # each table has its index over owner and state
    created_by: int | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 0  # the number of the revision that is public, 0 before the first
    substance_revision: int = 0  # of the newest revision that changed the substance
    state_reason: str = ""
    returned_content: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON
    )  # as the last return found it; contacts are kept in one place only
    review_notes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # field → reason, of the last return
    external_reference: str | None = Field(default=None, max_length=200)
    text_reading: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # see publishing/reading.py
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # an imported row as it was written

    if TYPE_CHECKING:  # each table has these of its own: a relationship cannot be inherited
        title: str = ""
        organization: Organization = Relationship()

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        return {"owner": self.organization_id}

    def is_mere_draft(self) -> bool:
        """Nobody but its author and the administrators ever saw it, and no reviewer was asked."""
        return self.state == self.lifecycle.initial and self.revision == 0

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

    def revision_rows(self) -> SelectOfScalar[Any]:
        """The query of the record's revisions."""
        raise NotImplementedError

    def keep_promises(self, published: Sequence[Mapping[str, Any]]) -> None:
        """Raise Invalid where the content breaks what any earlier public content has promised."""


_WAITING = text("state = 'proposed'")


class ProposedRevision(Record, table=True):
    """A change of a released record's content that waits for review, or did.

    ``content`` has only the fields that would change, the private ones too; the record stays as it is meanwhile.
    """

    __tablename__ = "proposed_revision"
    __table_args__ = (
        Index("proposed_revision_record", "record_kind", "record_id"),
        Index(
            "one_waiting_revision_a_record",
            "record_kind",
            "record_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )
    subject: ClassVar[str] = "revision"
    permissions: ClassVar[Permissions] = REVISION_PERMISSIONS
    lifecycle: ClassVar[Lifecycle] = REVISION
    file_roles: ClassVar[tuple[FileRole, ...]] = (
        FileRole("picture", "edit", frozenset({PROPOSED}), "revision.file_removed"),
    )

    record_kind: str = Field(max_length=20)
    record_id: int
    code: str = Field(max_length=20)  # the record's
    title: str = Field(default="", max_length=200)  # the record's, as it is public
    organization_id: int = Field(foreign_key="organization.id", index=True)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    answer: str = ""  # why it was returned
    created_by: int | None = None
    number: int | None = None  # of the revision that it has become

    organization: Organization = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @property
    def public_code(self) -> str:
        return self.code

    def parties(self) -> Mapping[str, int]:
        return {"owner": self.organization_id}

    def is_public(self) -> bool:
        return False

    def case(self) -> Case:
        """That of the record: who wrote its change has worked on it."""
        own = f"{self.record_kind}:{self.record_id}"
        return Case(kept=(own,), counted=(own,))

    def managed_parties(self) -> frozenset[str]:
        return frozenset({"owner"}) if self.organization.is_imported_list_owner else frozenset()


PublishableType = TypeVar("PublishableType", bound=Publishable)
RevisionType = TypeVar("RevisionType", bound=Revision)
