"""A list as it was found in a file: rows of cells as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scenario_hall.core.texts import N_
from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.faults import RowFault

# Halves of a character, which JSON and XLSX can write by their number, and the character of no text.
_DAMAGED = re.compile("[\ud800-\udfff\0]")
# Written to be seen by no one: zero width, soft hyphens, marks of direction. Joiners stay, emoji are made with them.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class SourceRow:
    """One row: its number as a spreadsheet (for JSON lines: an editor) counts it, and its cells by header.

    ``extra`` are the cells beyond the header, which ``realignment`` puts back in their place; ``sheet`` is named where
    a list stands on several.
    """

    number: int
    cells: dict[str, str]
    extra: tuple[str, ...] = ()
    sheet: str = ""
    unread: tuple[str, ...] = ()  # headers of cells that hold an error in place of a value

    @property
    def place(self) -> str:
        """The row as faults name it: behind its sheet where there are several."""
        return f"{self.sheet}!{self.number}" if self.sheet else str(self.number)


@dataclass(frozen=True)
class SourceTable:
    """A list as it was found. ``faults`` are rows and sheets that could not be taken apart."""

    header: list[str]
    header_row: int
    rows: list[SourceRow]
    encoding: str
    delimiter: str  # empty for workbooks and JSON lines
    faults: list[RowFault] = field(default_factory=list)


def nothing_to_read() -> ReadingError:
    """What is said of a file without rows."""
    return ReadingError(N_("There are no rows in this file."))


def whole(number: int, cells: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[RowFault]]:
    """The cells of a row with what no database can hold replaced, and what is to be reported about it."""
    kept: dict[str, str] = {}
    damaged: list[RowFault] = []
    for header, cell in cells:
        kept[header] = repaired(cell)
        if kept[header] != cell:
            damaged.append(RowFault(number, header, kept[header], faults.DAMAGED))
    return kept, damaged


def repaired(text: str) -> str:
    """``text`` without halves of characters."""
    return _DAMAGED.sub("\ufffd", text)


def visible(text: str) -> str:
    """``text`` without what nobody sees, and without space around it."""
    return _UNSEEN.sub("", text).strip()


def corrected(table: SourceTable, corrections: Mapping[str, Mapping[str, str]]) -> SourceTable:
    """``table`` with cells said anew: place of a row → header → text. What was told of such a cell is settled."""
    if not corrections:
        return table
    rows = []
    for row in table.rows:
        said = {name: text for name, text in corrections.get(row.place, {}).items() if name in row.cells}
        unread = tuple(name for name in row.unread if name not in said)
        rows.append(replace(row, cells={**row.cells, **said}, unread=unread) if said else row)
    open_faults = [fault for fault in table.faults if fault.column not in corrections.get(fault.place, {})]
    return replace(table, rows=rows, faults=open_faults)
