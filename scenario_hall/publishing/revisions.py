"""What changed between two states of a record's content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scenario_hall.core.errors import NotFound
from scenario_hall.publishing.fields import ContentField


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


def is_empty(value: Any) -> bool:
    """Whether a field's value says nothing."""
    return value is None or value in ("", [])


def _meaning(value: Any) -> Any:
    return None if is_empty(value) else value
