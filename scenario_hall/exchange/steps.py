"""Long work in steps: it can pause after each, so that others have their turn."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")
Steps: TypeAlias = Generator[None, None, Result]  # pauses, and at the end what the work comes to


def in_one_go(steps: Steps[Result]) -> Result:
    """All steps without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
