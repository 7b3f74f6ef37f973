"""What changed between two versions of a record's content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The fields whose values differ, in the order of ``after``."""
    return [FieldChange(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
