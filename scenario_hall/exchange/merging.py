"""A list that is imported again: what it says now, what imports gave last, and what stands in the hall, put together.

Field by field: what nobody amended since the last import follows the list; what was amended by hand stays, and where
the list says something new of it, both values are told. What the list does not state is never taken away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.exchange.faults import CONFLICT, RowFault
from scenario_hall.exchange.models import ImportedContent
from scenario_hall.publishing.revisions import is_empty

_LONGEST_SHOWN = 80


@dataclass
class Merge:
    """``content`` changes the record; ``given`` is what imports gave now; ``conflicts`` are fields with the list's
    value and the hall's."""

    content: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def faults(self, row: int, sheet: str, labels: Mapping[str, str]) -> list[RowFault]:
        """The conflicts as they are told, each with both values."""
        return [
            RowFault(row, labels.get(name, name), _shown(listed), CONFLICT, sheet=sheet, other=_shown(kept))
            for name, (listed, kept) in self.conflicts.items()
        ]


def merge(new: Mapping[str, Any], *, last: Mapping[str, Any] | None, current: Mapping[str, Any]) -> Merge:
    """What becomes of a record that an earlier import made, all values as JSON.

    ``new`` has the fields that the list states; ``last`` what imports gave last, None where that was not kept yet.
    """
    merged = Merge()
    for name, value in new.items():
        standing = current.get(name)
        if is_same(value, standing):
            merged.given[name] = value
        elif last is None or is_same(standing, last.get(name)):
            merged.content[name] = merged.given[name] = value
        elif not is_same(value, last.get(name)):
            merged.conflicts[name] = (value, standing)
    return merged


def is_same(one: Any, other: Any) -> bool:
    """Whether two values say the same; a missing one says what an empty one says."""
    return (None if is_empty(one) else one) == (None if is_empty(other) else other)


def last_given(session: Session, subject: str, record_id: int) -> ImportedContent | None:
    """What imports gave the record last."""
    query = select(ImportedContent).where(
        col(ImportedContent.subject) == subject, col(ImportedContent.record_id) == record_id
    )
    return session.exec(query).first()


def keep_given(session: Session, subject: str, record_id: int, given: Mapping[str, Any]) -> None:
    """Keep what an import gave, over what earlier ones gave."""
    kept = last_given(session, subject, record_id) or ImportedContent(subject=subject, record_id=record_id)
    kept.content = {**kept.content, **given}
    session.add(kept)


def _shown(value: Any) -> str:
    if is_empty(value):
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
