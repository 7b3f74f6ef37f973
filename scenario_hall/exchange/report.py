"""How a list is taken, and the report of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scenario_hall.core.errors import HallError, Invalid
from scenario_hall.exchange.faults import RowFault, Severity, in_order
from scenario_hall.exchange.models import ImportRun
from scenario_hall.organizations.models import Organization


@dataclass
class ImportReport:
    """What an import did, and the faults, in the order of the file."""

    faults: list[RowFault] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    read: int = 0
    created: int = 0
    updated: int = 0
    waiting: int = 0  # changes of the substance of what is public, sent for review
    unchanged: int = 0
    released: int = 0
    kept: int = 0  # rows of which something was left, since it was amended by hand
    bad: int = 0  # rows left out
    is_kept: bool = True
    run: int | None = None  # the number of the import, None where nothing was to be taken

    @property
    def errors(self) -> list[RowFault]:
        return [fault for fault in self.faults if fault.severity is Severity.ERROR]


# A slice of an import: the rows and the seconds after which its transaction ends.
SLICE_ROWS, SLICE_SECONDS = 50, 0.05


@dataclass(frozen=True)
class ImportOptions:
    """How a list is taken."""

    organization: Organization | None = None
    skip_bad: bool = False
    only_check: bool = False
    list_name: str = ""  # which list it is when it comes again; the file's name where nothing is said
    clears_empty: bool = False  # an empty cell takes away what is there
    releases: bool = False  # by the actor, who answers for it; else drafts are left
    chosen: Mapping[str, str | None] | None = None
    corrections: Mapping[str, Mapping[str, str]] | None = None  # place of a row → header → what the cell is to say
    slice_seconds: float = SLICE_SECONDS
    progress: Callable[[int, int], None] = lambda _done, _total: None


def report_of(run: ImportRun, check_faults: list[RowFault], faults: list[RowFault]) -> ImportReport:
    """The report of a run."""
    return ImportReport(
        faults=in_order(dict.fromkeys([*check_faults, *faults])),
        unknown_columns=list(run.unknown_columns),
        read=run.read,
        created=run.created,
        updated=run.updated,
        waiting=run.waiting,
        unchanged=run.unchanged,
        released=run.released,
        kept=run.kept,
        bad=run.bad,
        run=run.pk,
    )


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
