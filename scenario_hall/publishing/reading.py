"""What was read in a record's own text, kept beside it, so that showing a page reads no text again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.publishing.models import Publishable
from scenario_hall.quantities.requirements import Suggested

BUDGET = 0.25
"""Seconds that a page gives to the reading of a text; what is not read by then is not suggested."""
READING_VERSION = 1
"""Raised when the rules of reading change: what was kept before is then read anew."""
L = TypeVar("L", Requirement, Specification)


@dataclass(frozen=True)
class TextReading(Generic[L]):
    """How the measurable lines of one kind of record are read from its own fields."""

    line: type[L]
    texts: tuple[str, ...]
    read: Callable[..., Suggested[L]]

    def read_before_saving(self, record: Publishable, content: Mapping[str, Any]) -> dict[str, Any]:
        """What ``record.text_reading`` is to hold once ``content`` is saved: read before the transaction, which is
        not to wait for it."""
        texts = [content.get(name, getattr(record, name)) or "" for name in self.texts]
        if record.text_reading.get("of") == _digest(texts):
            return record.text_reading
        found = self.read(*texts, seconds=BUDGET)
        lines = [{"line": line.model_dump(mode="json"), "sentence": part} for line, part in found.lines.items()]
        return {"of": _digest(texts), "lines": lines, "is_whole": found.is_whole}

    def lines(self, record: Publishable, content: Mapping[str, Any] = MappingProxyType({})) -> Suggested[L]:
        """What was kept for the record, with ``content`` in its place; what was not read yet is read now."""
        kept = self.read_before_saving(record, content)
        return Suggested({self.line(**row["line"]): row["sentence"] for row in kept["lines"]}, kept["is_whole"])


def _digest(texts: Sequence[str]) -> str:
    written = "\0".join([str(READING_VERSION), *texts])
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
