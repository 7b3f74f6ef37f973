"""What scenarios and products share: how they are told, listed, written and moved through their lifecycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, create_model
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.api.acts import Act, acts_of
from scenario_hall.api.contents import asked_content, content_sent, content_told, told_content
from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import Asked, FileOfRecord, Id, ListQuery, OrganizationRef, RecordQuery, Told
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.core.texts import N_
from scenario_hall.organizations.lifecycle import VERIFIED
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import get_organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.publishing.amending import waiting_revision
from scenario_hall.publishing.discarding import discard_draft, may_discard
from scenario_hall.publishing.models import Publishable
from scenario_hall.taxonomy.service import propose_tags
from scenario_hall.web.kit.language import named
from scenario_hall.web.kit.request import settings


class Waiting(Told):
    """A change of what is public that waits for review."""

    id: int
    version: int
    reason: str
    fields: list[str]


class RecordTold(Told):
    """A record as its reader may see it; what is private is empty or null for everybody else."""

    code: str
    link: str
    version: int
    state: str
    state_name: str
    revision: int = Field(description="The number of the revision that is public, 0 before the first.")
    is_open: bool
    organization: OrganizationRef
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    reason: str = Field(description="Of the last return or end; private.")
    notes: dict[str, str] = Field(description="What a reviewer wants changed, by field; private.")
    missing: list[str] = Field(description="The fields that a submission still needs; private.")
    actions: list[str] = Field(description="What the caller may do now.")
    waiting: Waiting | None
    files: list[FileOfRecord]


class RecordsQuery(ListQuery):
    """Which of them."""

    organization: Id | None = Field(default=None, description="Of this organisation alone.")
    state: str | None = Field(default=None, max_length=20, description="In this state alone.")


class Deleted(Told):
    """A draft that is no more."""

    code: str
    is_deleted: bool = True


@dataclass(frozen=True)
class RecordKind:
    """One of the two kinds of record; its models are made from its declared fields."""

    table: type[Publishable]
    subject: str  # in the address
    published_at: str
    get: Callable[..., Any]
    create: Callable[..., Any]
    save: Callable[..., Any]
    acts: Mapping[str, Act]
    example: Mapping[str, Any]
    told: type[RecordTold] = field(init=False)
    asked: type[Asked] = field(init=False)
    new: type[Asked] = field(init=False)
    content: type[Told] = field(init=False)

    def __post_init__(self) -> None:
        name, fields = self.table.__name__, self.table.fields
        content = told_content(f"{name}ContentTold", fields)
        asked = asked_content(f"{name}Content", fields)
        for attribute, value in (
            ("content", content),
            ("told", create_model(f"{name}Told", __base__=RecordTold, content=(content, ...))),
            ("asked", create_model(f"{name}Change", __base__=Asked, content=(asked, ...))),
            ("new", create_model(f"New{name}", __base__=Asked, organization=(Id, ...), content=(asked, ...))),
        ):
            object.__setattr__(self, attribute, value)

    @property
    def name(self) -> str:
        return self.table.subject

    def load(self, call: Call) -> Any:
        """The record of the address, which the caller may see. Raises NotFound."""
        record = self.get(call.session, call.path["code"])
        require(call.actor, "view", record)
        return record

    def tell(self, call: Call, record: Any) -> RecordTold:
        is_private = can(call.actor, "view_private", record)
        waiting = waiting_revision(call.session, record) if is_private else None
        actions = [row.action for row in open_transitions(call.actor, record)]
        if can(call.actor, "edit", record) and record.state in record.drafting_states:
            actions.append("edit")
        if may_discard(call.actor, record):
            actions.append("delete")
        files = files_of(call.session, record.subject, record.pk) if can(call.actor, "view_files", record) else []
        return self.told.model_validate(
            {
                "code": record.code,
                "link": f"/api/v1/{self.subject}/{record.code}",
                "version": record.version,
                "state": record.state,
                "state_name": named(record.state, "state"),
                "revision": record.revision,
                "is_open": record.is_open(),
                "organization": OrganizationRef.model_validate(record.organization),
                "created_at": record.created_at,
                "updated_at": record.updated_at,
                "published_at": getattr(record, self.published_at),
                "reason": record.state_reason if is_private else "",
                "notes": record.review_notes if is_private else {},
                "missing": sorted(record.missing()) if is_private and record.state in record.drafting_states else [],
                "actions": actions,
                "waiting": None
                if waiting is None
                else {
                    "id": waiting.pk,
                    "version": waiting.version,
                    "reason": waiting.reason,
                    "fields": sorted(waiting.content),
                },
                "files": [FileOfRecord.model_validate(each) for each in files],
                "content": content_told(self.content, record, is_private=is_private),
            }
        )

    def _rows(self, call: Call) -> SelectOfScalar[Any]:
        query = select(self.table).join(Organization, col(Organization.id) == col(self.table.organization_id))
        if not call.actor.is_administrator:
            is_public = col(self.table.state).in_(self.table.public_states) & (col(Organization.state) == VERIFIED)
            query = query.where(or_(is_public, col(self.table.organization_id).in_(call.actor.spoken_for)))
        if call.query.organization is not None:
            query = query.where(col(self.table.organization_id) == call.query.organization)
        if call.query.state is not None:
            query = query.where(col(self.table.state) == call.query.state)
        return query

    def _create(self, call: Call) -> Told:
        owner = get_organization(call.session, call.body.organization)
        require(call.actor, "view", owner)
        sent = content_sent(self.table, call.body.content)
        made = self.create(call.actor, session=call.session, organization=owner, content=sent)
        self._propose(call, made)
        return self.tell(call, made)

    def _save(self, call: Call) -> Told:
        sent = content_sent(self.table, call.body.content)
        given = {"session": call.session, self.name: call.record, "version": call.version, "content": sent}
        self._propose(call, self.save(call.actor, **given))
        return self.tell(call, call.record)

    def _propose(self, call: Call, record: Publishable) -> None:
        words = call.body.content.model_dump(exclude_unset=True).get("proposed_tags", ())
        propose_tags(call.session, words=words, subject_kind=record.subject, subject_code=record.code)

    def _delete(self, call: Call) -> Told:
        code = call.record.code
        discard_draft(
            call.actor, session=call.session, store=settings().files, record=call.record, version=call.version
        )
        return Deleted(code=code)

    def operations(self) -> list[Operation]:
        """Everything that may be done with this kind of record."""
        acts = acts_of(
            self.table.lifecycle,
            self.acts,
            address=f"/{self.subject}/{{code}}",
            subject=self.subject,
            name=self.name,
            scope=Scope.WRITE,
            load=self.load,
            tell=self.tell,
            told=self.told,
        )
        return [*self._reading(), *self._writing(), *acts]

    def _reading(self) -> list[Operation]:
        may_see: Callable[[Call, Any], bool] = lambda call, row: can(call.actor, "view", row)  # noqa: E731
        common: dict[str, Any] = {"method": "GET", "subject": self.subject, "answer": self.told}
        return [
            Operation(
                name=f"list_{self.subject}",
                path=f"/{self.subject}",
                summary=LISTS,
                query=RecordsQuery,
                listing=Listing(self._rows, self.table.id, may_see, self.tell, self.told),
                **common,
            ),
            Operation(
                name=f"get_{self.name}",
                path=f"/{self.subject}/{{code}}",
                summary=ONE,
                query=RecordQuery,
                load=self.load,
                run=lambda call: self.tell(call, call.record),
                **common,
            ),
        ]

    def _writing(self) -> list[Operation]:
        content = {"content": dict(self.example)}
        one: dict[str, Any] = {"path": f"/{self.subject}/{{code}}", "load": self.load, "is_versioned": True}
        common: dict[str, Any] = {"subject": self.subject, "scopes": (Scope.WRITE,)}
        return [
            Operation(
                name=f"create_{self.name}",
                method="POST",
                path=f"/{self.subject}",
                summary=CREATE,
                answer=self.told,
                body=self.new,
                status=201,
                run=self._create,
                example={"organization": 1, **content},
                **common,
            ),
            Operation(
                name=f"edit_{self.name}",
                method="PATCH",
                summary=EDIT,
                answer=self.told,
                body=self.asked,
                run=self._save,
                example=content,
                **common,
                **one,
            ),
            Operation(
                name=f"delete_{self.name}",
                method="DELETE",
                summary=DELETE,
                answer=Deleted,
                run=self._delete,
                **common,
                **one,
            ),
        ]


LISTS = N_("Those that the caller may see, by when they were written first")
ONE = N_("One of them, as the caller may see it")
CREATE = N_("A new draft; it may lack anything")
EDIT = N_("Change a draft, or what was returned; what is not sent stays")
DELETE = N_("Delete a draft that was never public")


class Notes(Asked):
    """Why it is given back, and field by field what to change."""

    reason: str = Field(min_length=1, max_length=10_000, pattern=r"\S")
    notes: dict[str, str] = Field(default_factory=dict, max_length=60)


class WaitingVersion(Asked):
    """The version of the change that waits (``waiting.version``), which the caller saw."""

    version: int = Field(ge=1, le=2**31)


class WaitingReason(WaitingVersion):
    """The same, with a reason."""

    reason: str = Field(min_length=1, max_length=10_000, pattern=r"\S")


def body_of(kind: str, content: type[BaseModel]) -> type[Asked]:
    """An amendment: what changes, and why."""
    made: type[Asked] = create_model(
        f"{kind}Amendment",
        __base__=Asked,
        content=(content, ...),
        reason=(str, Field(min_length=1, max_length=10_000, pattern=r"\S")),
    )
    return made
