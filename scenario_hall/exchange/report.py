"""How a list is taken, and the report of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scenario_hall.core.errors import HallError, Invalid
from scenario_hall.core.policy import Actor
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.rows import CheckedRows, Row
from scenario_hall.organizations.models import Organization


@dataclass
class ImportReport:
    """What an import did, and every fault, in the order of the file."""

    faults: list[RowFault] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    read: int = 0
    created: int = 0
    updated: int = 0
    waiting: int = 0  # changes of the substance of what is public, sent for review
    unchanged: int = 0
    released: int = 0
    is_kept: bool = True

    @property
    def errors(self) -> list[RowFault]:
        return [fault for fault in self.faults if fault.severity is Severity.ERROR]


@dataclass(frozen=True)
class ImportOptions:
    """How a list is taken. ``reviewer`` releases what was imported, or None to leave drafts."""

    organization: Organization | None = None
    skip_bad: bool = False
    reviewer: Actor | None = None
    chosen: Mapping[str, str | None] | None = None
    progress: Callable[[int, int], None] = lambda _done, _total: None


def report_on(checked: CheckedRows[Row]) -> ImportReport:
    """A report that begins with what the check found."""
    unknown = [column.header for column in checked.columns.unknown]
    return ImportReport(faults=list(checked.faults), unknown_columns=unknown, read=len(checked.rows))


def faults_of(row: int, error: HallError) -> list[RowFault]:
    """What a service has refused, as faults of the row."""
    if isinstance(error, Invalid) and error.fields:
        return [
            RowFault(row, name, "", _literal(reason % error.values if error.values else reason), Severity.ERROR)
            for name, reason in error.fields.items()
        ]
    return [RowFault(row, "", "", _literal(str(error)), Severity.ERROR)]


def _literal(text: str) -> str:
    return text.replace("%", "%%")
