"""What is larger than any list is refused while it is read: in little time and little memory."""

from __future__ import annotations

import gc
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


BILLION = (
    "<!DOCTYPE x [<!ENTITY a0 'x'>" + "".join(f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 10)) + "]>"
)
CELL = '<table:table-cell office:value-type="string"><text:p>One</text:p></table:table-cell></table:table-row>'


def workbook(
    rows: str, behind: str = "", *, shared: str = "", head: str = "", packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A workbook with this sheet, as somebody who means harm would write it."""
    whole, made = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    sheet = f"{head}<worksheet xmlns='{NAMESPACE}'><sheetData>{HEAD}{rows}</sheetData>{behind}</worksheet>"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w", packing) as target:
        for name in source.namelist():
            if name != "xl/sharedStrings.xml":
                target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        target.writestr("xl/sharedStrings.xml", f"<sst xmlns='{NAMESPACE}'>{shared}</sst>")
    return made.getvalue()


def ods(rows: str) -> bytes:
    """An ODS workbook with a header and these rows."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    header = f"<table:table-row>{CELL.replace('One', 'title')}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="list">{header}{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
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
    "XLSX, elements around": lambda: workbook("", "<mergeCells>" + '<mergeCell ref="B1:B2"/>' * MANY + "</mergeCells>"),
    "XLSX, columns with content": lambda: workbook("<row r='3'>" + "<c><v>1</v></c>" * MANY + "</row>"),
    "XLSX, rows with content": lambda: workbook("<row><c><v>1</v></c></row>" * (MAX_ROWS + 1)),
    "XLSX, one text in every row": lambda: workbook(
        "<row><c t='s'><v>0</v></c></row>" * 100_000, shared="<si><t>" + "x" * MANY + "</t></si>"
    ),
    "XLSX, elements in one another": lambda: workbook("<row>" + "<x>" * MANY),
    "XLSX, an entity of entities": lambda: workbook("", head=BILLION),
    "XLSX, a packing of its own": lambda: workbook("<row>" + " " * 50 * MANY + "</row>", packing=zipfile.ZIP_BZIP2),
    "ODS, a row without end": lambda: ods('<table:table-row table:number-rows-repeated="1048576">' + CELL),
    "ODS, a cell without end": lambda: ods(
        "<table:table-row>" + CELL.replace(" ", " table:number-columns-repeated='16384' ", 1)
    ),
    "ODS, texts without end": lambda: ods(
        f'<table:table-row table:number-rows-repeated="100000">{CELL.replace("One", "x" * 150_000)}'
    ),
    "XLSX, a comment": lambda: workbook("<!--" + "<" * 20 * MANY + "-->"),
    "XLSX, a tag": lambda: workbook("<row x='" + " " * 20 * MANY + "'/>"),
}


@pytest.mark.parametrize("make", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_list_beyond_all_bounds_is_refused_in_little_time(make: Callable[[], bytes]) -> None:
    data = make()
    gc.freeze()  # what other tests left is not looked through again on this one's time
    begun = time.process_time()
    with pytest.raises(ReadingError):
        parse_table(data)
    # A large file may hold as many rows as a list may have, which are read before it is known to hold more.
    assert time.process_time() - begun < (SECONDS if len(data) < 1_000_000 else 2 * SECONDS)


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


NOTHING: dict[str, Callable[[], bytes]] = {
    "empty columns": lambda: workbook("<row r='3'>" + "<c/>" * MANY + "</row>"),
    "a formatted cell at the far end": lambda: workbook('<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
    "a space at the far end": lambda: workbook(
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'
    ),
    "empty rows": lambda: workbook("<row/>" * 300_000),
    "elements that nobody knows": lambda: workbook("<row r='3'>" + "<x/>" * 300_000 + "</row>"),
    "styles without end": lambda: workbook("".join(f'<row r="{at}" s="1" ht="20"/>' for at in range(3, 100_000))),
}


@pytest.mark.parametrize("make", NOTHING.values(), ids=NOTHING)
def test_what_holds_nothing_costs_nothing(make: Callable[[], bytes]) -> None:
    data, begun = make(), time.process_time()
    assert [row.cells for row in parse_table(data).rows] == [{"title": "One"}]
    assert time.process_time() - begun < SECONDS
    tracemalloc.start()
    try:
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
