"""Workbooks for tests, made by openpyxl or part by part, as faulty writers make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.reading import parse_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def xlsx(
    rows: Sequence[Sequence[object]],
    *,
    merged: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    more: Callable[[Workbook, Worksheet], None] = lambda _book, _sheet: None,
) -> bytes:
    """A workbook with ``rows``; ``formats`` are number formats by cell."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    more(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, parts: Mapping[str, Callable[[str], str]]) -> bytes:
    """The same zipped file with some of its parts rewritten."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, parts[name](text.decode()) if name in parts else text)
    return made.getvalue()


def sheet_xml(data: bytes, change: Callable[[str], str]) -> bytes:
    """The same workbook with its first sheet rewritten."""
    return changed(data, {"xl/worksheets/sheet1.xml": change})


def ods(rows: str, *, styles: str = "", table: str = "") -> bytes:
    """An ODS workbook with these rows, as XML."""
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f'<office:body><office:spreadsheet><table:table table:name="list" {table}>{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def ods_row(*cells: str, more: str = "") -> str:
    """A row of texts, or of cells that are XML already."""
    return f"<table:table-row {more}>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_cell(text: str) -> str:
    if text.startswith("<"):
        return text
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def give_a_table_or_a_reason(data: st.DataObject, whole: bytes) -> None:
    """Damage up to a dozen bytes of a workbook: what is read of it then is a table, or a reason why not."""
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert parse_table(bytes(damaged)).rows
    except ReadingError as error:
        assert str(error)
