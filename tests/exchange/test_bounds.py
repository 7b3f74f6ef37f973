"""What is larger than any list is refused while it is read: in little time and little memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from scenario_hall.exchange.bounds import MAX_COLUMNS, MAX_ROWS, ReadingError
from scenario_hall.exchange.reading import parse_table

SECONDS, MEMORY = 2.0, 120 * 1024 * 1024  # of memory over what the program has anyway
MANY = 1_000_000
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>One</t></is></c></row>'
)


def workbook(rows: str, behind: str = "") -> bytes:
    """A workbook with this sheet, as somebody who means harm would write it."""
    whole, made = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    sheet = f"<worksheet xmlns='{NAMESPACE}'><sheetData>{HEAD}{rows}</sheetData>{behind}</worksheet>"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return made.getvalue()


TOO_LARGE: dict[str, Callable[[], bytes]] = {
    "CSV, columns": lambda: b"title" + b"," * 5 * MANY + b"\nOne\n",
    "CSV, columns of the same name": lambda: b"title," * MANY + b"\nOne\n",
    "CSV, rows": lambda: b"title,text,a,b\nOne,b\n" + b",,,,\n" * MANY,
    "CSV, blank lines": lambda: b"title,text\nOne,b\n" + b"\n" * 5 * MANY,
    "JSON lines, rows": lambda: b'{"title":"One"}\n' + b"{}\n" * MANY,
    "JSON, rows": lambda: b'[{"title":"One"}' + b",{}" * MANY + b"]",
    "JSON, columns": ("{" + ",".join(f'"{number}":1' for number in range(400_000)) + "}").encode,
    "JSON lines, columns": lambda: "\n".join(f'{{"a{number}":1}}' for number in range(400_000)).encode(),
    "JSON lines, depth": lambda: b'{"a":' + b"[" * 2 * MANY + b"]" * 2 * MANY + b"}",
    "JSON, depth": lambda: b'[{"a":' + b"[" * 2 * MANY,
    "XLSX, a far cell": lambda: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "XLSX, a far column": lambda: workbook('<row r="3"><c r="XFD3"><v>1</v></c></row>'),
    "XLSX, columns": lambda: workbook("<row r='3'>" + "<c/>" * MANY + "</row>"),
    "XLSX, rows": lambda: workbook("<row/>" * MANY),
    "XLSX, elements of a row": lambda: workbook("<row r='3'>" + "<x/>" * MANY + "</row>"),
    "XLSX, elements around": lambda: workbook("", "<mergeCells>" + '<mergeCell ref="B1:B2"/>' * MANY + "</mergeCells>"),
    "XLSX, a comment": lambda: workbook("<!--" + "<" * 20 * MANY + "-->"),
    "XLSX, a tag": lambda: workbook("<row x='" + " " * 20 * MANY + "'/>"),
}


@pytest.mark.parametrize("make", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_list_beyond_all_bounds_is_refused_in_little_time(make: Callable[[], bytes]) -> None:
    data, begun = make(), time.process_time()
    with pytest.raises(ReadingError):
        parse_table(data)
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("make", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_list_beyond_all_bounds_is_refused_in_little_memory(make: Callable[[], bytes]) -> None:
    data = make()
    tracemalloc.start()
    try:
        with pytest.raises(ReadingError):
            parse_table(data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_a_range_that_is_merged_as_far_as_a_sheet_goes_fills_the_rows_that_there_are() -> None:
    table = parse_table(workbook("", '<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'))
    assert [row.cells for row in table.rows] == [{"title": "One"}]


def test_a_list_as_large_as_it_may_be_is_read() -> None:
    wide = parse_table((",".join(["title", *["a"] * (MAX_COLUMNS - 1)]) + "\n" + "x," * (MAX_COLUMNS - 1)).encode())
    assert len(wide.header) == MAX_COLUMNS
    long = parse_table(b"title,text\n" + b"x,\n" * (MAX_ROWS - 1))
    assert len(long.rows) == MAX_ROWS - 1


def test_a_cell_beyond_the_last_header_of_a_sheet_is_a_column_of_its_own() -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (["场景名称", "地区"], ["甲", "珠海"], ["乙", "深圳", "备注"]):
        book.active.append(row)
    book.save(file)
    table = parse_table(file.getvalue())
    assert table.header == ["场景名称", "地区", "column 3"]
    assert [row.cells["column 3"] for row in table.rows] == ["", "备注"]
