"""What was public of a record, revision by revision, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session

from scenario_hall.core.errors import NotFound
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.models import Publishable, Revision


@dataclass(frozen=True)
class FieldChange:
    """One field that differs, with its two values."""

    field: ContentField
    before: Any
    after: Any


def changes(fields: Iterable[ContentField], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The fields of ``after`` whose values differ in meaning: a value that is missing is as good as an empty one."""
    return [
        FieldChange(field, before.get(field.name), after[field.name])
        for field in fields
        if field.name in after and _meaning(before.get(field.name)) != _meaning(after[field.name])
    ]


class KeptRevision(Protocol):
    """What a comparison needs of a revision."""

    number: int
    content: dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """One revision beside the one before it, and the numbers of all."""

    revision: KeptRevision
    before: KeptRevision | None
    changes: list[FieldChange]
    numbers: list[int]


def compare(fields: Iterable[ContentField], revisions: Sequence[KeptRevision], number: int) -> Comparison:
    """Raises NotFound where there is no such revision."""
    found = {each.number: each for each in revisions}
    if number not in found:
        raise NotFound()
    before = found.get(number - 1)
    differences = changes(fields, before.content, found[number].content) if before else []
    return Comparison(found[number], before, differences, sorted(found))


def revisions_of(session: Session, record: Publishable) -> list[Any]:
    """Every revision that was public, the newest first."""
    return sorted(session.exec(record.revision_rows()), key=lambda each: each.number, reverse=True)


def add_revision(session: Session, record: Publishable, *, created_by: int | None, reason: str) -> list[FieldChange]:
    """Keep the record's present content as its next revision; returns what differs from the one before it."""
    published = revisions_of(session, record)
    record.keep_promises([each.content for each in published])
    content = record.public_content()
    changed = changes(record.fields, published[0].content, content) if published else []
    record.revision += 1
    if not published or any(change.field.is_substance for change in changed):
        record.substance_revision = record.revision
    row: Revision = record.revision_row(number=record.revision, content=content, reason=reason, created_by=created_by)
    session.add(row)
    return changed


def check_promises(session: Session, record: Publishable) -> None:
    """Raise Invalid where the content breaks a promise of a revision that was ever public."""
    if record.revision:
        record.keep_promises([each.content for each in revisions_of(session, record)])


def touches_substance(fields: Iterable[ContentField], names: Iterable[str]) -> bool:
    """Whether one of the named fields is of the substance."""
    return bool({field.name for field in fields if field.is_substance} & set(names))


def is_empty(value: Any) -> bool:
    """Whether a field's value says nothing."""
    return value is None or value in ("", [])


def _meaning(value: Any) -> Any:
    return None if is_empty(value) else value
