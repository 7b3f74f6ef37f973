"""One row read by the meaning of its columns; whatever gives no value is reported with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scenario_hall.core.values import MAX_LINES, MAX_METRIC, MAX_TEXT, Currency, Requirement, Specification
from scenario_hall.exchange import faults
from scenario_hall.exchange.cells import (
    Contact,
    is_formula,
    parse_contact,
    parse_readiness,
    split_list,
    split_slashes,
    unguard,
)
from scenario_hall.exchange.columns import MEASURE, Column, ColumnMap
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.lines import parse_requirements, parse_specifications
from scenario_hall.exchange.number_formats import day_of
from scenario_hall.exchange.source import SourceRow, visible
from scenario_hall.language.dates import parse_date
from scenario_hall.language.faults import BAD_SUM, Fault
from scenario_hall.language.sums import SumRange, parse_currency, parse_sum
from scenario_hall.publishing.fields import PLAIN, ContentField, ValueKind

MAX_TITLE = 200
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,15})?")
_MEASURED = re.compile(r"(-?\d{1,15}(?:\.\d{1,15})?)\s*([^\d\s.,]{0,12})")


@dataclass(frozen=True)
class LookUps:
    """What a row is read with; given by the caller, since regions and tags live elsewhere."""

    find_regions: Callable[[str], Sequence[str]]  # the codes of the regions that a text names, in its order
    find_tag: Callable[[str], str | None]  # the slug of the tag that is called exactly so
    read_requirements: Callable[[str], list[Requirement]]
    read_specifications: Callable[[str], list[Specification]]


@dataclass(frozen=True)
class Tags:
    """Slugs of the taxonomy, and the words that it does not have."""

    known: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()


class RowReader:
    """Reads one row and collects its faults."""

    def __init__(self, row: SourceRow, columns: ColumnMap, look_ups: LookUps) -> None:
        self.row = row
        self.columns = columns
        self.look_ups = look_ups
        self.faults: list[RowFault] = []
        titles = columns.of("title")
        for header, cell in row.cells.items():
            if is_formula(cell):
                is_title = any(column.header == header for column in titles)
                self._report(header, cell, faults.FORMULA, Severity.ERROR if is_title else Severity.WARNING)

    @property
    def is_refused(self) -> bool:
        return any(fault.severity is Severity.ERROR for fault in self.faults)

    def report(self, target: str, reason: str, value: str = "", severity: Severity = Severity.WARNING) -> None:
        """Add a fault to the column of ``target``."""
        columns = self.columns.of(target)
        self._report(columns[0].header if columns else "", value, reason, severity)

    def text(self, target: str) -> str:
        """The text of a meaning; where several columns share it, each with its header before it."""
        parts = [(column.header, self._cell(column)) for column in self.columns.of(target)]
        stated = [(header, cell) for header, cell in parts if cell]
        joined = stated[0][1] if len(stated) == 1 else "\n".join(f"{header}：{cell}" for header, cell in stated)
        if len(joined) > MAX_TEXT:
            self.report(target, faults.LONG_TEXT, joined, Severity.ERROR)
        return joined

    def texts(self, fields: Iterable[ContentField]) -> dict[str, str]:
        """The plain fields that have a column of their own, but for the title, by name."""
        own = [field for field in fields if field.kind in PLAIN and field.list_column and field.name != "title"]
        return {
            field.name: one_line(self.text(field.list_column))
            if field.kind is ValueKind.LINE
            else self.text(field.list_column)
            for field in own
        }

    def emptied(self) -> frozenset[str]:
        """The meanings that have columns here and nothing in them; a cell that could not be read is not empty."""
        filled = {
            column.target
            for column in self.columns.columns
            if self.row.cells.get(column.header, "").strip() or column.header in self.row.unread
        }
        return frozenset(column.target for column in self.columns.columns if column.target) - filled

    def title(self) -> str:
        """The title on one line. A row without one is refused."""
        if not self.columns.of("title"):
            self._report("", "", faults.NO_TITLE_COLUMN, Severity.ERROR)
            return ""
        title = one_line(self.text("title"))
        if not title and not self.is_refused:
            self.report("title", faults.NO_TITLE, "", Severity.ERROR)
        if len(title) > MAX_TITLE:
            self.report("title", faults.LONG_TITLE, title, Severity.ERROR)
        return title

    def labelled(self, target: str) -> str:
        """The text of a meaning; a bare date gets its header, without which it would say nothing."""
        text = self.text(target)
        is_date = isinstance(parse_date(text), date) and len(text) < 20
        return f"{self.columns.of(target)[0].header}：{text}" if is_date else text

    def regions(self) -> tuple[str, ...]:
        """The codes of the regions that the row names."""
        written = self.text("region")
        codes = tuple(dict.fromkeys(self.look_ups.find_regions(written))) if written else ()
        if written and not codes:
            self.report("region", faults.UNKNOWN_REGION, written)
        return codes

    def tags(self, target: str) -> Tags:
        """The entries of a list cell as tags of the taxonomy."""
        known: list[str] = []
        proposed: list[str] = []
        for column in self.columns.of(target):
            for entry in split_list(self._cell(column)):
                whole = self.look_ups.find_tag(entry)
                for word in [entry] if whole is not None else split_slashes(entry):
                    slug = whole or self.look_ups.find_tag(word)
                    if slug is None:
                        self._report(column.header, word, faults.UNKNOWN_TAG)
                        proposed.append(word[:80])
                    else:
                        known.append(slug)
        return Tags(tuple(dict.fromkeys(known)), tuple(dict.fromkeys(proposed)))

    def sums(self, target: str) -> SumRange | None:
        """The range of ``target`` (budget or price), from its one column or from its two ends."""
        default = parse_currency(self.text("currency"))
        if isinstance(default, Fault):
            self.report("currency", default.reason, default.value)
            return None
        stated = default if self.text("currency") else None
        whole = self._sum(target, stated)
        low, high = self._sum(f"{target}_min", stated), self._sum(f"{target}_max", stated)
        if low is None and high is None:
            return whole
        ends = [end for end in (low, high) if end is not None]
        bottom = None if low is None else low.low if low.low is not None else low.high
        top = None if high is None else high.high if high.high is not None else high.low
        if len({end.currency for end in ends}) > 1 or (bottom is not None and top is not None and bottom > top):
            self.report(f"{target}_max", BAD_SUM, f"{self.text(f'{target}_min')} – {self.text(f'{target}_max')}")
            return None
        return SumRange(bottom, top, ends[0].currency)

    def _sum(self, target: str, stated: Currency | None) -> SumRange | None:
        for column in self.columns.of(target):
            found = parse_sum(
                self._cell(column),
                currency=stated or column.currency,
                factor=column.factor,
                is_plain=target.endswith(("_min", "_max")),
            )
            if isinstance(found, SumRange):
                return found
            if found is not None:
                self._report(column.header, found.value, found.reason)
        return None

    def deadline(self, today: date) -> date | None:
        """The last day to apply; one that is past is reported and left out."""
        serial = _serial_day(self.text("deadline"))
        found = serial or parse_date(self.text("deadline"))
        if serial is not None:
            self.report("deadline", faults.SERIAL_DATE, self.text("deadline"))
        if isinstance(found, Fault):
            self.report("deadline", found.reason, found.value)
            return None
        if found is not None and found < today:
            self.report("deadline", faults.PAST_DEADLINE, self.text("deadline"))
            return None
        return found

    def readiness(self) -> int | None:
        found = parse_readiness(self.text("readiness_level"))
        if isinstance(found, Fault):
            self.report("readiness_level", found.reason, found.value)
            return None
        return found

    def contact(self) -> Contact:
        """Whom to ask, from one column or several; never public."""
        return parse_contact(" ".join(one_line(self._cell(column)) for column in self.columns.of("contact")))

    def requirements(self, otherwise: str) -> tuple[tuple[Requirement, ...], bool]:
        """The requirements of their own column, else those read from ``otherwise`` (then the second value is true)."""
        written = self._cells("requirements")
        if not written:
            return tuple(self.look_ups.read_requirements(otherwise))[:MAX_LINES], True
        lines, silent = parse_requirements(written, read=self.look_ups.read_requirements)
        self._report_lines("requirements", silent)
        return tuple(lines[:MAX_LINES]), False

    def specifications(self, otherwise: str) -> tuple[tuple[Specification, ...], bool]:
        """The specifications of their own columns, else those read from ``otherwise`` (then the second is true)."""
        measured = [
            Specification(metric=metric, value=float(found[1]), unit=found[2] or column.unit)
            for column in self.columns.of(MEASURE)
            if (metric := _metric_of(column)) and (found := _MEASURED.fullmatch(one_line(self._cell(column))))
        ]
        written = self._cells("specifications")
        if not written and not measured:
            return tuple(self.look_ups.read_specifications(otherwise))[:MAX_LINES], True
        lines, silent = parse_specifications(written, read=self.look_ups.read_specifications)
        self._report_lines("specifications", silent)
        return tuple([*lines, *measured][:MAX_LINES]), False

    def _cells(self, target: str) -> str:
        return "\n".join(cell for column in self.columns.of(target) if (cell := self._cell(column)))

    def _cell(self, column: Column) -> str:
        cell = self.row.cells.get(column.header, "")
        return "" if is_formula(cell) else unguard(visible(cell))

    def _report_lines(self, target: str, silent: Sequence[Fault]) -> None:
        for fault in silent:
            self.report(target, fault.reason, fault.value)

    def _report(self, header: str, value: str, reason: str, severity: Severity = Severity.WARNING) -> None:
        fault = RowFault(self.row.number, header, value, reason, severity)
        if fault not in self.faults:
            self.faults.append(fault)


def _serial_day(text: str) -> date | None:
    """46553 as a spreadsheet stores 15 June 2027; None for what is no such number of this century."""
    if not _SERIAL.fullmatch(text):
        return None
    moment = day_of(float(text))
    return moment.date() if moment is not None and 2000 <= moment.year < 2100 else None


def _metric_of(column: Column) -> str:
    return (column.metric.strip() or column.header.strip())[:MAX_METRIC]


def one_line(text: str) -> str:
    """A cell with line breaks on one line; between Chinese characters a break is no space."""
    joined = re.sub(r"(?<=[\u3400-\u9fff])\s*[\r\n]+\s*(?=[\u3400-\u9fff])", "", text)
    return " ".join(joined.split())
