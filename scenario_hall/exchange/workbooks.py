"""XLSX workbooks as rows of text: formulas as they are written, dates by ISO 8601, merged cells in all their rows."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula

# Content beyond this is read cell by cell, where merged ranges are not known; beyond the second limit not at all
# (a small file may unpack to a huge one).
_LARGE = 30 * 1024 * 1024
_TOO_LARGE = 600 * 1024 * 1024


class UnreadableWorkbookError(ValueError):
    """The bytes are no workbook, or one that unpacks to more than anybody would post."""


def read_sheets(data: bytes) -> list[list[list[str]]]:
    """The visible sheets, each as rows of texts. Raises UnreadableWorkbookError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _TOO_LARGE:
            raise UnreadableWorkbookError("too large")
        book = load_workbook(io.BytesIO(data), read_only=size > _LARGE, data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableWorkbookError(str(error)) from error
    sheets = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        if size <= _LARGE:
            for area in sheet.merged_cells.ranges:
                # Downwards only: a title that spans columns is one cell, a domain that spans rows holds for each row.
                top = rows[area.min_row - 1][area.min_col - 1]
                for row in rows[area.min_row : area.max_row]:
                    row[area.min_col - 1] = row[area.min_col - 1] or top
        sheets.append(rows)
    book.close()
    return sheets


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
