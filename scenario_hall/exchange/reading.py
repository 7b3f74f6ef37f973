"""Files of lists as tables of text: CSV of any make, XLSX, JSON lines. What a cell says is kept as it was written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenario_hall.core.errors import HallError
from scenario_hall.core.texts import N_
from scenario_hall.exchange import faults
from scenario_hall.exchange.columns import is_known_header
from scenario_hall.exchange.encodings import UndecodableError, decode
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.workbooks import UnreadableWorkbookError, read_sheets
from scenario_hall.language.faults import shorten

MAX_BYTES = 200 * 1024 * 1024
_DELIMITERS = ",;\t|，；"
_HEADER_ROWS = 30  # how far down a header is looked for
_MAX_CELL = 1024 * 1024


class ReadingError(HallError):
    """The file as a whole cannot be read; the message says what to do."""

    status = 422
    title = N_("This file could not be read")


@dataclass(frozen=True)
class SourceRow:
    """One row: its number as a spreadsheet (for JSON lines: an editor) counts it, and its cells by header.

    ``extra`` are the cells beyond the header, which ``realignment`` puts back in their place.
    """

    number: int
    cells: dict[str, str]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceTable:
    """A list as it was found. ``faults`` are rows that could not be taken apart."""

    header: list[str]
    header_row: int
    rows: list[SourceRow]
    encoding: str
    delimiter: str  # empty for XLSX and JSON lines
    faults: list[RowFault] = field(default_factory=list)


def read_table(path: Path) -> SourceTable:
    """Read a list from a file. Raises ReadingError when there is nothing to read or no way to read it."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadingError(N_("The file is larger than %(size)s MB. Please split it."), size=MAX_BYTES // 1024**2)
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(N_("The file could not be opened: %(why)s."), why=error.strerror or "") from error
    return parse_table(data)


def parse_table(data: bytes) -> SourceTable:
    """The same for a file's content; its format is recognised by its content, not by its name. Raises ReadingError."""
    if not data.strip():
        raise _empty()
    if data.startswith(b"PK"):
        return _workbook(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadingError(N_("This is the old Excel format. Please save it as .xlsx or as CSV UTF-8."))
    if data.startswith(b"%PDF"):
        raise ReadingError(N_("This is a PDF. Please provide the list as XLSX, CSV or JSON lines."))
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        if error.line is not None:
            raise ReadingError(
                N_("Line %(line)s has damaged characters. Please save the file again."), line=error.line
            ) from error
        raise ReadingError(N_("The text's encoding was not recognised. Please save it as CSV UTF-8.")) from error
    if not text.strip():
        raise _empty()
    if re.match(r"\s*(?:\{|\[\s*\{)", text):
        return _json(text, encoding)
    return _csv(text, encoding)


def _empty() -> ReadingError:
    return ReadingError(N_("There are no rows in this file."))


def _csv(text: str, encoding: str) -> SourceTable:
    first = text.split("\n", 1)[0].strip().lower()
    declared = first[4:5] if re.fullmatch(r"sep=.", first) else ""  # Excel's own declaration
    if declared:
        text = "\n" + text.split("\n", 1)[1] if "\n" in text else ""
    sample = text[:200_000]
    cut = sample if len(sample) == len(text) else sample.rsplit("\n", 1)[0]
    delimiter = declared or max(_DELIMITERS, key=lambda each: _fit(cut, each))
    rows = _records(text, delimiter)
    return _table(rows, encoding=encoding, delimiter=delimiter)


def _fit(sample: str, delimiter: str) -> tuple[int, float]:
    """How well a delimiter cuts the sample: known headers in one row, then how alike the rows are."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)][:200]
    except csv.Error:
        return (0, 0.0)
    known = max((sum(map(is_known_header, row)) for row in rows[:_HEADER_ROWS]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (known if usual > 1 else min(known, 1), count / max(1, len(rows)))


def _records(text: str, delimiter: str) -> list[list[str]]:
    limit = csv.field_size_limit(_MAX_CELL)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        unclosed = _unclosed(text, delimiter)
    except csv.Error as error:
        raise ReadingError(N_("Row %(row)s could not be read: %(why)s."), row=len(rows) + 1, why=str(error)) from error
    finally:
        csv.field_size_limit(limit)
    if unclosed:
        raise ReadingError(N_("A quotation mark opened in row %(row)s is never closed."), row=unclosed)
    return rows


def _unclosed(text: str, delimiter: str) -> int:
    """The row in which a quotation mark is opened and never closed, 0 if there is none."""
    reader, count = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    try:
        for _ in reader:
            count += 1
    except csv.Error as error:
        return count + 1 if str(error).startswith("unexpected end") else 0
    return 0


def _workbook(data: bytes) -> SourceTable:
    try:
        sheets = read_sheets(data)
    except UnreadableWorkbookError as error:
        raise ReadingError(N_("This is not a readable XLSX workbook. Please save it again as .xlsx or CSV.")) from error
    filled = [rows for rows in sheets if any(map(any, rows))]
    if not filled:
        raise _empty()
    # A sheet of instructions often comes first; the list is the one whose header is known best.
    best = max(filled, key=lambda rows: max(sum(map(is_known_header, row)) for row in rows[:_HEADER_ROWS]))
    return _table(best, encoding="xlsx", delimiter="")


def _table(rows: Sequence[Sequence[str]], *, encoding: str, delimiter: str) -> SourceTable:
    place = _header_place(rows)
    named = _names(rows[place])
    found: list[SourceRow] = []
    faults_found: list[RowFault] = []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if not any(cell.strip() for cell in row):
            continue
        if [cell.strip() for cell in row][: len(named)] == [cell.strip() for cell in rows[place]]:
            faults_found.append(RowFault(number, "", "", faults.REPEATED_HEADER))
            continue
        padded = [*row, *[""] * (len(named) - len(row))]
        found.append(SourceRow(number, dict(zip(named, padded, strict=False)), tuple(padded[len(named) :])))
    if not found:
        raise _empty()
    # Columns without header and without content at the end are what a spreadsheet leaves behind.
    columns = [[rows[place][at], *(row.cells[name] for row in found)] for at, name in enumerate(named)]
    width = max((at for at, cells in enumerate(columns, start=1) if any(cell.strip() for cell in cells)), default=0)
    kept = [replace(row, cells={name: row.cells[name] for name in named[:width]}) for row in found]
    return SourceTable(named[:width], place + 1, kept, encoding, delimiter, faults_found)


def _header_place(rows: Sequence[Sequence[str]]) -> int:
    """The row with the most known headers (two at least, or all it has); else the first that is as full as most are."""
    counts = [sum(map(is_known_header, row)) for row in rows[:_HEADER_ROWS]]
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    if not any(filled):
        raise _empty()
    best = max(range(len(counts)), key=lambda place: (counts[place], -place))
    if counts[best] >= 2 or (counts[best] == 1 and filled[best] == 1 and max(filled) == 1):
        return best
    usual = Counter(count for count in filled if count).most_common(1)[0][0]
    return next(place for place, count in enumerate(filled) if count >= max(1, usual // 2 + 1) or count == max(filled))


def _names(cells: Iterable[str]) -> list[str]:
    """Headers as written, made different where two are alike or one is missing."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        number = 2
        while name in names:
            name, number = f"{' '.join(cell.split())} ({number})", number + 1
        names.append(name)
    return names


def _json(text: str, encoding: str) -> SourceTable:
    found: list[SourceRow] = []
    faults_found: list[RowFault] = []
    for number, line, each in _objects(text):
        if isinstance(each, dict):
            found.append(SourceRow(number, {str(name): _text(value) for name, value in each.items()}))
        else:
            faults_found.append(RowFault(number, "", line, faults.BROKEN_LINE, Severity.ERROR))
    if not found:
        if faults_found:
            raise ReadingError(
                N_("No line is a JSON object; line %(line)s is “%(text)s”."),
                line=faults_found[0].row,
                text=shorten(faults_found[0].value),
            )
        raise _empty()
    header = list(dict.fromkeys(name for row in found for name in row.cells))
    whole = [SourceRow(row.number, {name: row.cells.get(name, "") for name in header}) for row in found]
    return SourceTable(header, 0, whole, encoding, "", faults_found)


def _objects(text: str) -> list[tuple[int, str, object]]:
    if text.lstrip().startswith("["):
        try:
            whole = json.loads(text)
        except ValueError as error:
            raise ReadingError(N_("This is not valid JSON: %(why)s."), why=str(error)) from error
        return [(number, str(each), each) for number, each in enumerate(whole, start=1)]
    objects: list[tuple[int, str, object]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                objects.append((number, line, json.loads(line)))
            except (ValueError, RecursionError):
                objects.append((number, line, None))
    return objects


def _text(value: object) -> str:
    """A JSON value as a cell: a list of plain values joined, anything deeper as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(each, str | int | float) for each in value):
            return "；".join(_text(each) for each in value)
        case _:
            return json.dumps(value, ensure_ascii=False)
