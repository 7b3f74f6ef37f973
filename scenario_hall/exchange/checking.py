"""The check of a list, outside any transaction that writes: what its rows say, whose they are, and whether the services
would take them as the hall stands now. Whether all rows are taken or none is decided here."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import HallError
from scenario_hall.core.policy import Actor
from scenario_hall.exchange.columns import ColumnMap, ListKind
from scenario_hall.exchange.contents import content_as_json, stated_fields
from scenario_hall.exchange.faults import UNKNOWN_ORGANIZATION, RowFault, Severity, in_order, not_taken
from scenario_hall.exchange.models import MAX_SHEET, ImportRow
from scenario_hall.exchange.reading import parse_table
from scenario_hall.exchange.references import list_reference, row_reference
from scenario_hall.exchange.report import ImportOptions, faults_of
from scenario_hall.exchange.row_reader import LookUps
from scenario_hall.exchange.rows import OrganizationRow, ProductRow, ScenarioRow, check_rows
from scenario_hall.exchange.source import SourceTable, corrected
from scenario_hall.exchange.steps import Result, Steps
from scenario_hall.exchange.trial import Trial
from scenario_hall.quantities.requirements import read_requirements, read_specifications
from scenario_hall.taxonomy.regions import find_regions
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy

logger = logging.getLogger(__name__)
ASKED_AT_ONCE = 200  # rows that are asked about in one picture of the database
KEPT_READINGS = 4096  # texts
PARSING_SECONDS = 0.1  # between two looks whether a file is taken apart
READING_SHARE = 0.5  # of the work, about, before the services are asked; more where texts do not repeat


@dataclass
class CheckedList:
    """The rows that can be taken, in the order of the file, and all that is wrong."""

    read: int
    table: SourceTable
    columns: ColumnMap
    rows: list[ImportRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    @property
    def unknown_columns(self) -> list[str]:
        """The headers that mean nothing to the hall."""
        return [column.header for column in self.columns.unknown]

    @property
    def bad(self) -> int:
        """How many rows cannot be taken."""
        return len({fault.place for fault in self.faults if fault.severity is Severity.ERROR})


def check_list(actor: Actor, *, session: Session, kind: ListKind, data: bytes, options: ImportOptions) -> CheckedList:
    """Check a file's content in one go. Raises ReadingError for one that is no list."""
    check = ListCheck(actor, session=session, kind=kind, data=data, options=options)
    while check.work_for(math.inf):
        pass
    return check.result


class ListCheck:
    """The check of a file's content, in slices of time: between two of them it keeps no picture of the database, and
    others have their turn."""

    def __init__(self, actor: Actor, *, session: Session, kind: ListKind, data: bytes, options: ImportOptions) -> None:
        self.session, self.kind, self.options = session, kind, options
        self.share = 0.0  # of the work that is done, from 0 to 1
        self._owner = options.organization.pk if options.organization is not None else None
        self._trial = Trial(session, actor, actor if options.releases else None)
        self._steps = self._check(data)
        self._result: CheckedList | None = None

    @property
    def result(self) -> CheckedList:
        """What was found. Raises ValueError before the check is at its end."""
        if self._result is None:
            raise ValueError("the list was not checked to its end")
        return self._result

    def work_for(self, seconds: float) -> bool:
        """Go on for about ``seconds``, with one row at least; False when all is checked.

        Raises ReadingError for a file that is no list.
        """
        until = time.monotonic() + seconds
        for _ in self._steps:
            if time.monotonic() >= until:
                self._trial.refresh()
                return True
        return False

    def _check(self, data: bytes) -> Iterator[None]:
        options = self.options
        taxonomy = load_taxonomy(self.session)
        self.session.rollback()  # reading takes long, and needs no picture of the database
        parsed = yield from _parsed(data)
        table = corrected(parsed, options.corrections or {})
        reading = check_rows(table, self.kind, look_ups=look_ups(taxonomy), today=local_today(), chosen=options.chosen)
        found = yield from self._counted(reading, len(table.rows))
        checked = CheckedList(read=len(found.rows), table=table, columns=found.columns, faults=list(found.faults))
        rows: Sequence[ScenarioRow | ProductRow | OrganizationRow] = found.rows
        for begin in range(0, len(rows), ASKED_AT_ONCE):
            asking = self._asked(rows[begin : begin + ASKED_AT_ONCE], checked, taxonomy)
            for steps, _ in enumerate(asking, start=1):  # two a row
                self.share = READING_SHARE + (1 - READING_SHARE) * (begin + steps / 2) / len(rows)
                yield
            self._trial.refresh()
        self.session.rollback()
        checked.faults = in_order(checked.faults)
        self._result = checked

    def _counted(self, steps: Steps[Result], total: int) -> Steps[Result]:
        """The same steps, each telling how far the reading is."""
        count = 0
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            self.share = READING_SHARE * count / max(1, total)
            count += 1
            yield

    def _asked(
        self, rows: Sequence[ScenarioRow | ProductRow | OrganizationRow], checked: CheckedList, taxonomy: Taxonomy
    ) -> Iterator[None]:
        """Whether the services would take these rows, and whose they would be; with two steps for each."""
        prepared: list[ImportRow] = []
        for row in rows:
            prepared.append(self._prepared(row, checked, taxonomy))
            yield
        self._trial.expect([waiting.reference for waiting in prepared])
        for row, waiting in zip(rows, prepared, strict=True):
            told = [replace(fault, sheet=row.sheet) for fault in _told(self._trial, self.kind, waiting)]
            checked.faults += told
            if not any(fault.severity is Severity.ERROR for fault in told):
                checked.rows.append(waiting)
            yield

    def _prepared(
        self, row: ScenarioRow | ProductRow | OrganizationRow, checked: CheckedList, taxonomy: Taxonomy
    ) -> ImportRow:
        """The row as it is stored, with whose it is."""
        waiting = _waiting(row, taxonomy, clears_empty=self.options.clears_empty)
        if not isinstance(row, OrganizationRow):
            named = self._trial.owner_named(row.organization) if row.organization else None
            if row.organization and named is None:
                fault = RowFault(row.number, "organization", row.organization, UNKNOWN_ORGANIZATION, sheet=row.sheet)
                checked.faults.append(fault)
            waiting.owner_id = self._owner if named is None else named
            if waiting.owner_id is None:
                waiting.reference = list_reference(self.options.list_name, waiting.reference)
        return waiting


def _parsed(data: bytes) -> Steps[SourceTable]:
    """The file as a table. Taking it apart has no steps, so that is done beside, while who waits for it can pause."""
    with ThreadPoolExecutor(1) as beside:
        parsing = beside.submit(parse_table, data)
        while not wait((parsing,), timeout=PARSING_SECONDS).done:
            yield
        return parsing.result()


def _waiting(row: ScenarioRow | ProductRow | OrganizationRow, taxonomy: Taxonomy, *, clears_empty: bool) -> ImportRow:
    content = content_as_json(row, taxonomy)
    return ImportRow(
        run_id=0,  # and its place: given when it is stored
        place=0,
        number=row.number,
        sheet=row.sheet[:MAX_SHEET],
        stated=stated_fields(row, content, clears_empty=clears_empty),
        reference=row_reference(row.id, row.title),
        content=content,
        source_cells=dict(row.source_cells),
    )


def _told(trial: Trial, kind: ListKind, row: ImportRow) -> list[RowFault]:
    try:
        return trial.ask(kind, row)
    except HallError as error:
        return faults_of(row.number, error)
    except SQLAlchemyError:
        raise
    except Exception as error:
        logger.exception("row %d of a list could not be checked", row.number)
        return [not_taken(row.number, error)]


def look_ups(taxonomy: Taxonomy) -> LookUps:
    """How rows are read with the hall's own regions, tags and measures. Lists say the same in many rows, and reading
    quantities is most of the work: what was read lately is kept."""
    requirements = lru_cache(KEPT_READINGS)(read_requirements)
    specifications = lru_cache(KEPT_READINGS)(read_specifications)
    return LookUps(
        find_regions=lru_cache(KEPT_READINGS)(lambda text: tuple(region.code for region in find_regions(text))),
        find_tag=taxonomy.find,
        read_requirements=lambda text: list(requirements(text)),
        read_specifications=lambda text: list(specifications(text)),
    )
