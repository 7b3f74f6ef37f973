"""Files of lists as tables of text: CSV of any make, XLSX, JSON lines. What a cell says is kept as it was written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scenario_hall.core.texts import N_
from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import (
    MAX_BYTES,
    MAX_COLUMNS,
    ReadingError,
    bounded,
    check_size,
    is_deeper,
    too_large,
)
from scenario_hall.exchange.columns import is_known_header
from scenario_hall.exchange.encodings import UndecodableError, decode
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.workbooks import UnreadableWorkbookError, read_sheets
from scenario_hall.language.faults import shorten

_DELIMITERS = ",;\t|，；"
# Halves of a character, which JSON and XLSX can write by their number, and the character of no text.
_DAMAGED = re.compile("[\ud800-\udfff\0]")
_HEADER_ROWS = 30  # how far down a header is looked for
_MAX_CELL = 1024 * 1024


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
    return parse_table(read_file(path))


def read_file(path: Path) -> bytes:
    """A file's content. Raises ReadingError for one that cannot be opened or is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large()
        return path.read_bytes()
    except OSError as error:
        raise ReadingError(N_("The file could not be opened: %(why)s."), why=error.strerror or "") from error


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
        every = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in every if any(row) and len(row) <= MAX_COLUMNS][:200]
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
        rows.extend(bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
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
    return _table(best, encoding="xlsx", delimiter="", width=max(map(len, best)))


def _table(rows: Sequence[Sequence[str]], *, encoding: str, delimiter: str, width: int = 0) -> SourceTable:
    """``width`` is that of the sheet: a column beyond the header row's last cell is a column without a header."""
    place = _header_place(rows)
    header = [*rows[place], *[""] * (width - len(rows[place]))]
    named = _names(header)
    check_size(cells=len(named) * (len(rows) - place))
    found: list[SourceRow] = []
    faults_found: list[RowFault] = []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        if not any(cell.strip() for cell in row):
            continue
        padded = [*row, *[""] * (len(named) - len(row))]
        if [cell.strip() for cell in padded[: len(named)]] == [cell.strip() for cell in header]:
            faults_found.append(RowFault(number, "", "", faults.REPEATED_HEADER))
            continue
        whole, damaged = _whole(number, zip(named, padded, strict=False))
        faults_found += damaged
        found.append(SourceRow(number, whole, tuple(map(_repaired, padded[len(named) :]))))
    if not found:
        raise _empty()
    # Columns without header and without content at the end are what a spreadsheet leaves behind.
    columns = [[header[at], *(row.cells[name] for row in found)] for at, name in enumerate(named)]
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
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, start=1):
        written = " ".join(_repaired(cell).split())
        name, number = written or f"column {place}", 2
        while name in names:
            name, number = f"{written} ({number})", number + 1
        names[name] = None
    return list(names)


def _whole(number: int, cells: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[RowFault]]:
    """The cells of a row with what no database can hold replaced, and what is to be reported about it."""
    repaired: dict[str, str] = {}
    damaged: list[RowFault] = []
    for header, cell in cells:
        repaired[header] = _repaired(cell)
        if repaired[header] != cell:
            damaged.append(RowFault(number, header, repaired[header], faults.DAMAGED))
    return repaired, damaged


def _repaired(text: str) -> str:
    return _DAMAGED.sub("\ufffd", text)


def _json(text: str, encoding: str) -> SourceTable:
    found: list[SourceRow] = []
    faults_found: list[RowFault] = []
    header: dict[str, None] = {}
    for count, (number, line, each) in enumerate(_objects(text), start=1):
        check_size(rows=count)
        if not isinstance(each, dict):
            faults_found.append(RowFault(number, "", line, faults.BROKEN_LINE, Severity.ERROR))
        elif is_deeper(each):
            faults_found.append(RowFault(number, "", line, faults.TOO_DEEP, Severity.ERROR))
        else:
            check_size(columns=len(each))
            cells, damaged = _whole(number, ((_repaired(name), _text(value)) for name, value in each.items()))
            faults_found += damaged
            header |= dict.fromkeys(cells)
            check_size(columns=len(header), cells=len(header) * len(found))
            found.append(SourceRow(number, cells))
    if not found:
        if faults_found:
            raise ReadingError(
                N_("No line is a JSON object; line %(line)s is “%(text)s”."),
                line=faults_found[0].row,
                text=shorten(faults_found[0].value),
            )
        raise _empty()
    whole = [SourceRow(row.number, {name: row.cells.get(name, "") for name in header}) for row in found]
    return SourceTable(list(header), 0, whole, encoding, "", faults_found)


def _objects(text: str) -> Iterator[tuple[int, str, object]]:
    """Each value with its number and as it is written; None for what is no JSON."""
    if text.lstrip().startswith("["):
        yield from _entries(text)
        return
    # Counted before anything is parsed: a file of a million lines is refused in a tenth of the time.
    check_size(rows=sum(1 for line in io.StringIO(text, newline="\n") if not line.isspace()))
    for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if line.strip():
            try:
                yield number, line, json.loads(line)
            except (ValueError, RecursionError):
                yield number, line, None


def _entries(text: str) -> Iterator[tuple[int, str, object]]:
    """The entries of one JSON array, one after the other, so that they can be counted."""
    decoder, end, number, mark = json.JSONDecoder(), text.index("["), 0, "["
    try:
        while mark != "]":
            begin = _after_space(text, end + 1)
            if number == 0 and text[begin : begin + 1] == "]":
                return
            value, end = decoder.raw_decode(text, begin)
            number += 1
            yield number, text[begin:end], value
            end = _after_space(text, end)
            mark = text[end : end + 1]
            if mark not in (",", "]"):
                raise ValueError(f"a comma is missing after entry {number}")
        if text[end + 1 :].strip():
            raise ValueError("there is more behind the end")
    except (ValueError, RecursionError) as error:
        raise ReadingError(N_("This is not valid JSON: %(why)s."), why=str(error)) from error


def _after_space(text: str, place: int) -> int:
    while text[place : place + 1].isspace():
        place += 1
    return place


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
