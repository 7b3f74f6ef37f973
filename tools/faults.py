"""A fault that a check found, and how a check ends."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where; ``path`` is relative to the project."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}: {self.what}"


def end_with(faults: Iterable[Fault]) -> None:
    """Print the faults in the order of their places; end with status 1 when there are any."""
    found = sorted(faults, key=lambda fault: (fault.path, fault.line))
    for fault in found:
        print(fault)
    sys.exit(1 if found else 0)
