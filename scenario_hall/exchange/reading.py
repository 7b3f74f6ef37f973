"""Files of lists as tables of text: CSV of any make, workbooks, JSON lines. What a cell says is kept as written."""

from __future__ import annotations

import re
from pathlib import Path

from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import MAX_BYTES, ReadingError, too_large
from scenario_hall.exchange.columns import is_known_header
from scenario_hall.exchange.csv_text import read_records
from scenario_hall.exchange.encodings import UndecodableError, decode
from scenario_hall.exchange.file_kinds import refuse_other_files
from scenario_hall.exchange.json_lists import read_json
from scenario_hall.exchange.sheets import Book, Sheet, SheetRow
from scenario_hall.exchange.source import SourceTable, nothing_to_read
from scenario_hall.exchange.tables import table_of
from scenario_hall.exchange.workbooks import is_workbook, read_book


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
        raise nothing_to_read()
    if is_workbook(data):
        return table_of(read_book(data))
    refuse_other_files(data)
    try:
        text, encoding = decode(data)
    except UndecodableError as error:
        if error.line is not None:
            raise ReadingError(
                N_("Line %(line)s has damaged characters. Please save the file again."), line=error.line
            ) from error
        raise ReadingError(N_("The text's encoding was not recognised. Please save it as CSV UTF-8.")) from error
    if not text.strip():
        raise nothing_to_read()
    if re.match(r"\s*(?:\{|\[\s*\{)", text):
        return read_json(text, encoding)
    records, delimiter = read_records(text, is_known_header)
    rows = [SheetRow(number, record) for number, record in enumerate(records, start=1) if any(map(str.strip, record))]
    return table_of(Book([Sheet("", rows)], encoding), delimiter=delimiter)
