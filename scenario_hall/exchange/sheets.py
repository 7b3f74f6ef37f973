"""Sheets of a workbook of any make: only what has content, with what the file says beside it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROW_TEXT,
    MAX_ROWS,
    ReadingError,
    check_size,
    too_large,
)

MAX_MERGED = 100_000
# What a file may hold for each of its bytes, and how much any may. A row that is unlike the one above takes some bytes
# even when it is packed; a text that is stored once and shown in every row takes none.
_LEAST_ROWS, _ROWS_A_BYTE = 2_000, 2
_LEAST_CELLS, _CELLS_A_BYTE = 50_000, 50
_LEAST_TEXT, _TEXT_A_BYTE = 5_000_000, 200
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


class UnreadableWorkbookError(ValueError):
    """The bytes are no workbook."""


@dataclass(slots=True)
class SheetRow:
    """A row with content. ``number`` counts from 1; ``cells`` run to the last one with content."""

    number: int
    cells: list[str] = field(default_factory=list)
    is_hidden: bool = False
    is_too_long: bool = False  # it has more text than a row may have; its cells were not kept


@dataclass(frozen=True)
class Area:
    """Merged cells, counted from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass
class Sheet:
    """One sheet. ``results`` are the cells whose formula was read by its stored result: the first row of each column
    and how many."""

    name: str
    rows: list[SheetRow] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    results: dict[int, tuple[int, int]] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass
class Book:
    """A workbook: its sheets, and whether the formats of its numbers could be read."""

    sheets: list[Sheet]
    form: str
    has_formats: bool = True


class SheetBuilder:
    """Puts the cells of one sheet together, counted. Raises ReadingError for more than a list may have."""

    def __init__(self, sheet: Sheet, counter: Counter) -> None:
        self.sheet = sheet
        self._counter = counter
        self._rows: dict[int, SheetRow] = {}
        self._row: SheetRow | None = None  # made with its first cell: most rows of a bad file hold nothing
        self._number, self._is_hidden, self._text = 1, False, 0

    def row(self, number: int, *, is_hidden: bool = False) -> None:
        """Begin the row ``number``."""
        self._row, self._number, self._is_hidden, self._text = None, number, is_hidden, 0

    def cell(self, column: int, text: str, *, is_result: bool = False) -> None:
        """Set a cell of the row; one without content is no cell. Raises UnreadableWorkbookError for a row that stands
        twice."""
        if not text or text.isspace():
            return
        row = self._row if self._row is not None else self._begun()
        if row.is_too_long:
            return
        self._counter.count(column, len(text))
        self._text += len(text)
        if self._text > MAX_ROW_TEXT:
            row.cells, row.is_too_long = [], True
            return
        row.cells.extend([""] * (column - len(row.cells)))
        row.cells[column - 1] = text
        if is_result:
            first, count = self.sheet.results.get(column, (row.number, 0))
            self.sheet.results[column] = (first, count + 1)

    def repeat(self, times: int) -> None:
        """Write the row ``times`` more times below itself."""
        row = self._row
        if row is None or not row.cells:
            return
        for number in range(row.number + 1, row.number + 1 + times):
            self._counter.count(len(row.cells), self._text)
            self._counter.count_row()
            self._rows[number] = SheetRow(number, list(row.cells), row.is_hidden, row.is_too_long)

    def _begun(self) -> SheetRow:
        if self._number in self._rows:
            raise UnreadableWorkbookError(f"row {self._number} stands twice")
        self._counter.count_row()
        self._row = self._rows[self._number] = SheetRow(self._number, is_hidden=self._is_hidden)
        return self._row

    def finish(self) -> Sheet:
        """The sheet with its rows in order, what is merged downwards filled in."""
        self.sheet.rows = [self._rows[number] for number in sorted(self._rows)]
        fill_merged(self.sheet)
        return self.sheet


class Counter:
    """Counts what a workbook of ``size`` bytes holds."""

    def __init__(self, size: int) -> None:
        self._most_rows = min(MAX_ROWS, _LEAST_ROWS + _ROWS_A_BYTE * size)
        self._most_cells = min(MAX_CELLS, _LEAST_CELLS + _CELLS_A_BYTE * size)
        self._most_text = _LEAST_TEXT + _TEXT_A_BYTE * size
        self._rows = self._cells = self._text = 0

    def count(self, column: int, text: int) -> None:
        """One more cell, in ``column``. Raises ReadingError."""
        self._cells += 1
        self._text += text
        if column > MAX_COLUMNS or self._cells > self._most_cells or self._text > self._most_text:
            check_size(columns=column, cells=self._cells)
            raise _swollen()

    def count_row(self) -> None:
        """One more row with content. Raises ReadingError."""
        self._rows += 1
        if self._rows > self._most_rows:
            check_size(rows=self._rows)
            raise _swollen()


def _swollen() -> ReadingError:
    return ReadingError(N_("The cells hold far more than the file is large. Please save the list again."))


def fill_merged(sheet: Sheet) -> None:
    """Downwards only: a title that spans columns is one cell, a domain that spans rows holds for each row."""
    numbers = [row.number for row in sheet.rows]
    filled = 0
    for area in sheet.merged:
        begin, end = bisect_left(numbers, area.top), bisect_right(numbers, area.bottom)
        if begin == len(numbers) or numbers[begin] != area.top or area.left > len(sheet.rows[begin].cells):
            continue
        top = sheet.rows[begin].cells[area.left - 1]
        if not top:
            continue
        filled += end - begin
        if filled > MAX_CELLS:
            raise too_large()
        for row in sheet.rows[begin + 1 : end]:
            row.cells.extend([""] * (area.left - len(row.cells)))
            row.cells[area.left - 1] = row.cells[area.left - 1] or top


def place_of(reference: str) -> tuple[int, int] | None:
    """Column and row of B12, counted from 1; None for what is no reference."""
    found = _PLACE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def area_of(reference: str) -> Area | None:
    """The cells of B2:C5."""
    first, _, last = reference.partition(":")
    begin, end = place_of(first), place_of(last or first)
    if begin is None or end is None or end < begin:
        return None
    return Area(begin[0], begin[1], end[0], end[1])
