import io
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from scenario_hall.exchange import faults
from scenario_hall.exchange.reading import ReadingError, parse_table, read_table

LIST = (
    "附件1:,,\n２０２５年第一批清单,,\n"
    "序号,场景名称,场景描述\n1,海岛应急物资投送,台风期间渡轮停航\n\n2,森林防火,每日巡护\n"
)
TRADITIONAL = "場景名稱,領域,現況與痛點\n碼頭夜間保安巡邏機械人,機械人,夜更人手不足\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_the_encoding_and_the_header_row_are_found(codec, encoding):
    table = parse_table(LIST.encode(codec))
    assert (table.encoding, table.delimiter, table.header_row) == (encoding, ",", 3)
    assert table.header == ["序号", "场景名称", "场景描述"]
    assert [(row.number, row.cells["场景名称"]) for row in table.rows] == [(4, "海岛应急物资投送"), (6, "森林防火")]


@pytest.mark.parametrize(("codec", "encoding"), [("big5", "big5"), ("gb18030", "gb18030")])
def test_traditional_characters_are_told_apart_in_both_of_their_encodings(codec, encoding):
    table = parse_table(TRADITIONAL.encode(codec))
    assert table.encoding == encoding
    assert table.rows[0].cells["場景名稱"] == "碼頭夜間保安巡邏機械人"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_when_another_stands_in_the_cells(delimiter):
    text = f'title{delimiter}text\nOne{delimiter}"a, b; c"\nTwo{delimiter}"d, e; f"\n'
    table = parse_table(text.encode())
    assert table.delimiter == delimiter
    assert table.rows[1].cells == {"title": "Two", "text": "d, e; f"}


def test_line_breaks_inside_quoted_cells_are_kept_and_rows_are_counted_as_a_spreadsheet_does():
    table = parse_table('产品名称;型号\n"带换行\n的产品名";A\n四足机器人;B\n'.encode())
    assert [(row.number, row.cells["产品名称"]) for row in table.rows] == [(2, "带换行\n的产品名"), (3, "四足机器人")]


def test_cells_beyond_the_header_are_kept():
    table = parse_table(b"title,text\nOne,a,b\n")
    assert table.rows[0].extra == ("b",)


def test_a_repeated_header_is_told_and_left_out():
    table = parse_table(b"title,text\nOne,a\ntitle,text\nTwo,b\n")
    assert [row.number for row in table.rows] == [2, 4]
    assert [(fault.row, fault.reason) for fault in table.faults] == [(3, faults.REPEATED_HEADER)]


def test_headers_that_are_alike_or_missing_get_names_of_their_own():
    assert parse_table(b"title,text,text,\nOne,a,b,c\n").header == ["title", "text", "text (2)", "column 4"]


def test_empty_columns_at_the_end_are_left_out():
    assert parse_table(b"title,text,,\nOne,a,,\n").header == ["title", "text"]


def test_a_list_with_foreign_headers_is_read_from_its_first_full_row():
    table = parse_table(b"aaa,bbb,ccc\n1,2,3\n4,5,6\n")
    assert (table.header_row, table.header) == (1, ["aaa", "bbb", "ccc"])


def test_json_lines_keep_lists_and_a_broken_line_is_told():
    text = (
        '{"title": "港口", "domains": ["低空经济", "海洋"], "requirements": [{"metric": "x"}], "n": null}\n{oops\n[1]\n'
    )
    table = parse_table(text.encode())
    assert table.rows[0].cells == {
        "title": "港口",
        "domains": "低空经济；海洋",
        "requirements": '[{"metric": "x"}]',
        "n": "",
    }
    assert [fault.row for fault in table.faults] == [2, 3]


def _workbook(rows, *, merged=(), notes=()):
    book = Workbook()
    sheet = book.active
    for row in notes:
        sheet.append(row)
    if notes:
        sheet = book.create_sheet("list")
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_with_its_dates_numbers_and_formulas_as_text():
    rows = [
        ["一览表"],
        ["场景名称", "预算", "截止日期"],
        ["港口巡检", 3000000.0, datetime(2026, 12, 31)],
        ["=1+1", 1.5, None],
    ]
    table = parse_table(_workbook(rows))
    assert (table.encoding, table.header_row) == ("xlsx", 2)
    assert [list(row.cells.values()) for row in table.rows] == [
        ["港口巡检", "3000000", "2026-12-31"],
        ["=1+1", "1.5", ""],
    ]


def test_a_cell_merged_downwards_holds_for_each_of_its_rows():
    rows = [["所属领域", "场景名称"], ["低空经济", "甲"], [None, "乙"]]
    table = parse_table(_workbook(rows, merged=["A2:A3"]))
    assert [row.cells["所属领域"] for row in table.rows] == ["低空经济", "低空经济"]


def test_the_sheet_with_the_list_is_found_behind_the_instructions():
    table = parse_table(_workbook([["场景名称", "场景描述"], ["甲", "乙"]], notes=[["填表说明"], ["请逐行填写"]]))
    assert table.header == ["场景名称", "场景描述"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"title,text\n",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0old",
        b"%PDF-1.7",
        b"\x00\x01\x02\x03\xff\xfe",
        b'title,text\nOne,"never closed\nTwo,b\n',
        b"[{]",
        b"{oops\n",
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(data):
    with pytest.raises(ReadingError) as told:
        parse_table(data)
    assert str(told.value)


def test_damaged_utf_8_is_told_with_its_line_and_not_taken_for_another_encoding():
    data = LIST.encode() + "3,港口无人机巡检应用场景,需要无人值守的巡检系统覆盖堆场与岸桥".encode() + b"\xe5\x8f\n"
    with pytest.raises(ReadingError, match="Line 7"):
        parse_table(data)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ReadingError, match="could not be opened"):
        read_table(tmp_path / "none.csv")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_reading_error(data):
    try:
        table = parse_table(data)
    except ReadingError:
        return
    assert table.rows
