"""Tables written for others: CSV that Excel opens rightly, XLSX, JSON; nothing in a cell can become a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from pydantic import BaseModel

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.exchange.cells import guard
from scenario_hall.exchange.lines import format_requirement, format_specification

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_COMMENT = "# "  # before each line of a CSV's head
_EXCEL_CELL = 32_767  # characters; Excel refuses a file with more in one cell


class ListFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Head:
    """What a file says of its list: which it is, what was filtered, when. ``lines`` are label and value for people,
    ``facts`` the same for programs, as JSON values; ``sheet`` names the head's sheet in a workbook."""

    sheet: str
    lines: Sequence[tuple[str, str]]
    facts: Mapping[str, object]


def write_table(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    form: ListFormat,
    path: Path,
    *,
    labels: Mapping[str, str] | None = None,
    head: Head | None = None,
) -> int:
    """Write ``rows`` with exactly ``columns`` to ``path`` and return how many there were.

    A value is a text, a number, a date, None, a Requirement or Specification, or a list of such. ``labels`` are the
    columns' names for people; a program finds the columns by their own. The ``head`` is written as comments before a
    CSV's header, as a workbook's first sheet, as the field ``about`` of a JSON object; JSON lines have none, and
    without a head JSON is an array of rows.
    """
    labels = labels or {}
    match form:
        case ListFormat.CSV:
            return _write_csv(rows, columns, path, labels, head)
        case ListFormat.XLSX:
            return _write_xlsx(rows, columns, path, labels, head)
        case ListFormat.JSON:
            return _write_json(rows, columns, path, labels, head)
        case ListFormat.JSONL:
            return _write_jsonl(rows, columns, path)


def _write_csv(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    path: Path,
    labels: Mapping[str, str],
    head: Head | None,
) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel takes CSV without the mark for ANSI
        writer = csv.writer(file)
        for label, value in head.lines if head is not None else ():
            writer.writerow([_COMMENT + " ".join(f"{label}: {value}".split())])
        writer.writerow([guard(labels.get(column, column)) for column in columns])
        for count, row in enumerate(rows, start=1):  # noqa: B007  the last number is the count
            writer.writerow([_cell(row.get(column)) for column in columns])
    return count


def _write_xlsx(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    path: Path,
    labels: Mapping[str, str],
    head: Head | None,
) -> int:
    book, count = Workbook(write_only=True), 0
    if head is not None:
        about = book.create_sheet(head.sheet)
        about.column_dimensions["B"].width = 60
        for label, value in head.lines:
            about.append([_xlsx_cell(about, label, is_bold=True), _xlsx_cell(about, value)])
    sheet = book.create_sheet("list")
    sheet.freeze_panes = "A2"
    sheet.append([_xlsx_cell(sheet, labels.get(column, column), is_bold=True) for column in columns])
    for count, row in enumerate(rows, start=1):  # noqa: B007
        sheet.append([_xlsx_cell(sheet, row.get(column)) for column in columns])
    book.save(path)
    return count


def _xlsx_cell(sheet: WriteOnlyWorksheet, value: object, *, is_bold: bool = False) -> Cell:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    written = value if is_number else ILLEGAL_CHARACTERS_RE.sub("", _cell(value))[:_EXCEL_CELL]
    made: Cell = WriteOnlyCell(sheet, value=written)  # type: ignore[arg-type]
    if isinstance(written, str):
        made.data_type = "s"  # else openpyxl would store what begins with = as a formula
    if is_bold:
        made.font = Font(bold=True)
    return made


def _write_json(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    path: Path,
    labels: Mapping[str, str],
    head: Head | None,
) -> int:
    written = [{column: _json(row.get(column)) for column in columns} for row in rows]
    names = {column: labels.get(column, column) for column in columns}
    whole = written if head is None else {"about": head.facts, "columns": names, "rows": written}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return len(written)


def _write_jsonl(rows: Iterable[Mapping[str, object]], columns: Sequence[str], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for count, row in enumerate(rows, start=1):  # noqa: B007
            file.write(json.dumps({column: _json(row.get(column)) for column in columns}, ensure_ascii=False) + "\n")
    return count


def _cell(value: object) -> str:
    return guard(_text(value))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Requirement():
            return format_requirement(value)
        case Specification():
            return format_specification(value)
        case datetime() | date():
            return value.isoformat()
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            between = "\n" if any(isinstance(each, BaseModel) for each in value) else "；"
            return between.join(_text(each) for each in value)
        case _:
            return str(value)


def _json(value: object) -> object:
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [_json(each) for each in value]
        case _:
            return value
