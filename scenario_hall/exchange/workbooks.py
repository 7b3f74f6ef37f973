"""XLSX workbooks as rows of text: formulas as they are written, dates by ISO 8601, merged cells in all their rows.

A workbook of a kilobyte can claim the cell XFD1048576, and one of a megabyte unpack to a gigabyte. So its parts are
counted before anything is built from them, and read row by row; nothing is laid out as wide as a file says it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from scenario_hall.exchange.bounds import MAX_BYTES, MAX_CELLS, ReadingError, bounded, check_size, too_large

_CHUNK = 1024 * 1024
_LONGEST_TAG = 256
_MAX_ELEMENTS = 100_000  # of a row or of what is around the rows: openpyxl keeps that much in memory at once
_MAX_WHOLE_PART = 8 * 1024 * 1024  # of a part that is read as a whole
_BY_ROW = re.compile(r"worksheets/|sharedStrings|media/|pivotCache", re.IGNORECASE)
_ELEMENT = re.compile(rb"<(?:\w+:)?(\w+)[\s/>]")
# Comments and instructions, which no spreadsheet writes among its rows: the parser reads a long one over and over.
_UNENDING = re.compile(rb"<!|<\?(?!xml\s)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


class UnreadableWorkbookError(ValueError):
    """The bytes are no workbook."""


def read_sheets(data: bytes) -> list[list[list[str]]]:
    """The visible sheets, each as rows of texts, of which shorter ones are not filled up.

    Raises UnreadableWorkbookError; ReadingError for one that is too large.
    """
    try:
        merged = _count_parts(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()  # what the file says of its own size
            rows = [[_text(value) for value in row] for row in bounded(sheet.iter_rows(values_only=True))]
            _fill_merged(rows, merged.get(getattr(sheet, "_worksheet_path", ""), []))
            sheets.append(rows)
        book.close()
    except ReadingError:
        raise
    except Exception as error:  # openpyxl raises what its parts raise, of some twenty kinds, at a broken file
        raise UnreadableWorkbookError(str(error)) from error
    return sheets


def _count_parts(data: bytes) -> dict[str, list[str]]:
    """Count what the workbook holds, and find the merged ranges of each of its parts. Raises ReadingError."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        is_too_large = any(part.file_size > _MAX_WHOLE_PART and not _BY_ROW.search(part.filename) for part in parts)
        if is_too_large or sum(part.file_size for part in parts) > MAX_BYTES:
            raise too_large()
        merged: dict[str, list[str]] = {}
        for part in parts:
            with archive.open(part) as stream:
                merged[part.filename] = _count_part(stream, is_small=part.file_size <= _CHUNK)
    return merged


def _count_part(stream: IO[bytes], *, is_small: bool) -> list[str]:
    rows = columns = cells = elements = 0
    merged: list[str] = []
    for piece in _whole_tags(stream):
        for found in _ELEMENT.finditer(piece):
            elements += 1
            if found[1] == b"row":
                rows, columns, elements = rows + 1, 0, 0
                check_size(rows=rows)
            elif found[1] == b"c":
                columns, cells = columns + 1, cells + 1
                check_size(columns=columns, cells=cells)
            elif elements > _MAX_ELEMENTS:
                raise UnreadableWorkbookError("a row of more elements than any spreadsheet writes")
        if not is_small and _UNENDING.search(piece):
            raise UnreadableWorkbookError("comments among the rows")
        merged += [area[1].decode() for area in _MERGED.finditer(piece)]
    return merged


def _whole_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces that end between two tags. Raises UnreadableWorkbookError for a tag or text of a megabyte."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        data = rest + chunk
        end = data.rfind(b"<")
        if end < 0 and len(chunk) == _CHUNK:
            raise UnreadableWorkbookError("a tag or text of a megabyte")
        if end < 0 or len(data) - end > _LONGEST_TAG:
            end = len(data)
        yield data[:end]
        rest = data[end:]
    yield rest


def _fill_merged(rows: list[list[str]], areas: list[str]) -> None:
    """Downwards only: a title that spans columns is one cell, a domain that spans rows holds for each row."""
    filled = 0
    for area in areas:
        column, first, _, last = range_boundaries(area)
        if column is None or first is None or last is None or first > len(rows) or column > len(rows[first - 1]):
            continue
        top = rows[first - 1][column - 1]
        below = rows[first:last] if top else []
        filled += len(below)
        if filled > MAX_CELLS:
            raise too_large()
        for row in below:
            row.extend([""] * (column - len(row)))
            row[column - 1] = row[column - 1] or top


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case ArrayFormula():
            return str(value.text)
        case _:
            return str(value)
