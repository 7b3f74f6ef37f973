"""What every record has: identity, state, version and times; and the lock that every change takes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeVar

from sqlmodel import Field, Session, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.errors import NotFound, StaleEdit
from scenario_hall.core.files import FileRole
from scenario_hall.core.lifecycle import Lifecycle
from scenario_hall.core.policy import Permissions


class Record(SQLModel):
    """Columns that every record with a lifecycle shares."""

    subject: ClassVar[str]
    lifecycle: ClassVar[Lifecycle]
    permissions: ClassVar[Permissions]
    file_roles: ClassVar[tuple[FileRole, ...]] = ()

    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(max_length=20, index=True)
    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the record was not written yet")
        return self.id


RecordType = TypeVar("RecordType", bound=Record)


def lock(session: Session, record: RecordType, version: int | None) -> RecordType:
    """Read ``record`` anew under a row lock and take the next version number.

    ``version`` is what the actor saw (None: a program that just read the row). Raises StaleEdit when the row
    has moved on since.
    """
    session.refresh(record, with_for_update=True)
    if version is not None and record.version != version:
        raise StaleEdit(record)
    record.version += 1
    record.updated_at = now()
    session.add(record)
    return record


def load(session: Session, model: type[RecordType], key: int) -> RecordType:
    """The record with this id. Raises NotFound."""
    record = session.get(model, key)
    if record is None:
        raise NotFound()
    return record
