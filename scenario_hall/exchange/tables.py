"""Sheets as one table: the header found, of one line or more; what stands around the list told and left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from scenario_hall.core.texts import N_
from scenario_hall.exchange import faults
from scenario_hall.exchange.asides import Asides
from scenario_hall.exchange.bounds import ReadingError, check_size
from scenario_hall.exchange.cells import constant_text, is_error_value
from scenario_hall.exchange.columns import is_known_header, plain_header
from scenario_hall.exchange.faults import RowFault, Severity
from scenario_hall.exchange.headers import HEADER_ROWS, Header, header_of, is_form
from scenario_hall.exchange.sheets import Book, Sheet, SheetRow
from scenario_hall.exchange.source import SourceRow, SourceTable, nothing_to_read, repaired, visible, whole


@dataclass
class _Found:
    """What one sheet gave."""

    sheet: Sheet
    header: list[str]
    header_row: int
    rows: list[SourceRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def table_of(book: Book, *, delimiter: str = "") -> SourceTable:
    """The list in ``book``: all visible sheets with the header of the one whose header is known best; the others are
    told. Raises ReadingError."""
    filled = [sheet for sheet in book.sheets if sheet.rows]
    shown = [sheet for sheet in filled if not sheet.is_hidden]
    if not shown:
        if filled:
            raise ReadingError(N_("All sheets with content are hidden. Please show the one with the list."))
        raise nothing_to_read()
    # A sheet of instructions often comes first; the list is the one whose header is known best.
    best = max(shown, key=lambda sheet: max(_known(row) for row in sheet.rows[:HEADER_ROWS]))
    if is_form(best):
        raise ReadingError(
            N_(
                "This sheet is a form, with names in one column and values beside them. "
                "Please make it a list: the names in one row, and each record in a row of its own."
            )
        )
    main = header_of(best)
    headers = {id(sheet): main if sheet is best else header_of(sheet) for sheet in shown}
    taken = [sheet for sheet in shown if sheet is best or _is_same(headers[id(sheet)], main)]
    found = [_rows(sheet, headers[id(sheet)], is_book=not delimiter) for sheet in taken]
    told = [_left_out(sheet) for sheet in filled if sheet not in taken]
    if not book.has_formats:
        told.append(RowFault(0, "", "", faults.UNREAD_FORMATS))
    return _joined(found, told, encoding=book.form, delimiter=delimiter)


def _known(row: SheetRow) -> int:
    return sum(map(is_known_header, row.cells))


def _left_out(sheet: Sheet) -> RowFault:
    return RowFault(0, "", sheet.name, faults.HIDDEN_SHEET if sheet.is_hidden else faults.OTHER_SHEET, sheet=sheet.name)


def _is_same(one: Header, other: Header) -> bool:
    """Whether two sheets hold the same kind of rows: they have the same known columns, or all columns alike."""
    sets = [{plain_header(name) for name in header.names if name} for header in (one, other)]
    known = [{plain_header(name) for name in header.names if is_known_header(name)} for header in (one, other)]
    return sets[0] == sets[1] or (known[0] == known[1] and len(known[0]) > 1)


def _joined(found: list[_Found], told: list[RowFault], *, encoding: str, delimiter: str) -> SourceTable:
    rows = [row for each in found for row in each.rows]
    if not rows:
        raise nothing_to_read()
    if len(found) == 1:
        return SourceTable(found[0].header, found[0].header_row, rows, encoding, delimiter, [*told, *found[0].faults])
    header = list(dict.fromkeys(name for each in found for name in each.header))
    check_size(rows=len(rows), columns=len(header), cells=len(header) * len(rows))
    named = [
        replace(row, sheet=each.sheet.name, cells={name: row.cells.get(name, "") for name in header})
        for each in found
        for row in each.rows
    ]
    of_sheets = [replace(fault, sheet=each.sheet.name) for each in found for fault in each.faults]
    return SourceTable(header, found[0].header_row, named, encoding, delimiter, [*told, *of_sheets])


def _rows(sheet: Sheet, header: Header, *, is_book: bool) -> _Found:
    """In a workbook, a cell beyond the header row's last one is a column of its own; in a text, a cell too many."""
    body = sheet.rows[header.end :]
    width = max(sheet.width, len(header.names)) if is_book else len(header.names)
    columns = _used(header.names, body, width) if is_book else list(range(width))
    names = _names([header.names[at] if at < len(header.names) else "" for at in columns], columns)
    check_size(cells=len(columns) * len(body))
    found = _Found(sheet, names, header.last_row)
    written = [visible(header.names[at]) if at < len(header.names) else "" for at in columns]
    asides = Asides(sum(map(bool, written)) or len(columns), _spans(sheet, len(columns)))
    for row in body:
        cells = [row.cells[at] if at < len(row.cells) else "" for at in columns]
        reason = _aside(row, cells, written, header, asides)
        if reason is not None:
            severity = Severity.ERROR if row.is_too_long else Severity.WARNING
            value = "" if reason is faults.REPEATED_HEADER else next((cell for cell in cells if cell.strip()), "")
            found.faults.append(RowFault(row.number, "", repaired(value), reason, severity))
            continue
        kept, damaged = whole(row.number, zip(names, map(constant_text, cells), strict=True))
        found.faults += damaged
        errors = list(_errors(row.number, kept))
        found.faults += errors
        extra = () if is_book else tuple(repaired(cell) for cell in row.cells[width:])
        found.rows.append(SourceRow(row.number, kept, extra, unread=tuple(fault.column for fault in errors)))
    for column, (first, count) in sorted(sheet.results.items()):
        if column - 1 in columns:
            name = names[columns.index(column - 1)]
            found.faults.append(RowFault(first, name, str(count), faults.STORED_RESULTS))
    return found if is_book else _without_empty_end(found, written)


def _aside(row: SheetRow, cells: list[str], header: list[str], whole_header: Header, asides: Asides) -> str | None:
    if row.is_too_long:
        return faults.LONG_ROW
    if row.is_hidden:
        return faults.HIDDEN_ROW
    texts = [visible(cell) for cell in cells]
    if texts == header or any(texts == [*line, *[""] * (len(texts) - len(line))] for line in whole_header.lines):
        return faults.REPEATED_HEADER
    return asides.reason(row.number, cells)


def _errors(number: int, cells: dict[str, str]) -> Iterator[RowFault]:
    """Told and emptied: what stands for a value that a formula could not find."""
    for name, cell in cells.items():
        if cell[:1] in "#E" and is_error_value(cell):
            cells[name] = ""
            yield RowFault(number, name, cell.strip(), faults.ERROR_VALUE)


def _used(header: Sequence[str], rows: Sequence[SheetRow], width: int) -> list[int]:
    """The columns with a header or with content."""
    used = {at for at, cell in enumerate(header) if cell.strip()}
    for row in rows:
        if len(used) == width:
            break
        used.update(at for at, cell in enumerate(row.cells) if cell and at not in used)
    return sorted(used)


def _spans(sheet: Sheet, width: int) -> set[int]:
    """The rows in which a cell is merged over half of the list or more."""
    return {area.top for area in sheet.merged if 2 * (area.right - area.left + 1) >= max(width, 2)}


def _without_empty_end(found: _Found, written: Sequence[str]) -> _Found:
    """Columns without header and without content at the end are what a spreadsheet leaves behind."""
    width = len(written)
    while (
        width and not written[width - 1] and not any(row.cells[found.header[width - 1]].strip() for row in found.rows)
    ):
        width -= 1
    if width < len(written):
        kept = found.header[:width]
        found.rows = [replace(row, cells={name: row.cells[name] for name in kept}) for row in found.rows]
        found.header = kept
    return found


def _names(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    """Headers as written, made different where two are alike or one is missing."""
    names: dict[str, None] = {}
    for cell, place in zip(cells, places, strict=True):
        written = " ".join(visible(repaired(cell)).split())
        name, number = written or f"column {place + 1}", 2
        while name in names:
            name, number = f"{written} ({number})", number + 1
        names[name] = None
    return list(names)
