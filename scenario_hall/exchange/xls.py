"""Old Excel workbooks (BIFF, .xls and WPS's .et) by xlrd, which reads their formats, merged and hidden rows too."""

from __future__ import annotations

import io
from typing import Any

import xlrd

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.number_formats import BUILT_IN, plain, written
from scenario_hall.exchange.sheets import Area, Book, Counter, Sheet, SheetBuilder, UnreadableWorkbookError

_HIDDEN_STATES = (1, 2)


def read_xls(data: bytes) -> Book:
    """The sheets of a workbook. Raises ReadingError, UnreadableWorkbookError."""
    try:
        with xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        ) as book:
            counter = Counter(len(data))
            hidden = {at for at in range(book.nsheets) if book.sheet_by_index(at).visibility in _HIDDEN_STATES}
            sheets = [
                _sheet(book, book.sheet_by_index(at), counter, is_hidden=at in hidden) for at in range(book.nsheets)
            ]
    except ReadingError:
        raise
    except Exception as error:  # xlrd raises what its parts raise, of some twenty kinds, at a broken file
        if "encrypted" in str(error).lower():
            raise ReadingError(LOCKED) from error
        raise UnreadableWorkbookError(str(error)) from error
    return Book(sheets, "xls")


LOCKED = N_("This file is protected by a password. Please save it without one.")


def _sheet(book: Any, source: Any, counter: Counter, *, is_hidden: bool) -> Sheet:
    sheet = Sheet(source.name, is_hidden=is_hidden)
    sheet.merged = [
        Area(left + 1, top + 1, right, bottom) for top, bottom, left, right in source.merged_cells if bottom > top
    ]
    builder = SheetBuilder(sheet, counter)
    for number in range(source.nrows):
        said = source.rowinfo_map.get(number)
        builder.row(number + 1, is_hidden=bool(said is not None and (said.hidden or said.height == 0)))
        for column in range(source.row_len(number)):
            builder.cell(column + 1, _text(book, source.cell(number, column)))
    return builder.finish()


def _text(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            code = _code(book, cell)
            return written(cell.value, code, is_1904=bool(book.datemode)) if code else plain(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return "true" if cell.value else "false"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        case _:
            return ""


def _code(book: Any, cell: Any) -> str:
    """The format code of a cell; ids that East Asian versions do not write down by their own table."""
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return ""
    key = book.xf_list[cell.xf_index].format_key
    known = BUILT_IN.get(key)
    if known is not None and key < 60:
        return known
    found = book.format_map.get(key)
    return str(found.format_str or "") if found is not None else ""
