import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.reading import parse_table
from tests.exchange.workbook_files import give_a_table_or_a_reason, ods, ods_row

HEADER = ods_row("产品名称", "识别率", "参考价", "上市日期")


def value(kind, number, shown, more=""):
    return f'<table:table-cell office:value-type="{kind}" office:value="{number}" {more}><text:p>{shown}</text:p></table:table-cell>'


def cells_of(rows, **more):
    return [list(row.cells.values()) for row in parse_table(ods(rows, **more)).rows]


def test_values_keep_all_digits_and_what_their_display_adds():
    day = '<table:table-cell office:value-type="date" office:date-value="2027-06-15"><text:p>2027年6月15日</text:p></table:table-cell>'
    row = ods_row("甲", value("percentage", 0.985, "99%"), value("float", 50, "50万元"), day)
    assert cells_of(HEADER + row) == [["甲", "98.5%", "50万元", "2027-06-15"]]


@pytest.mark.parametrize(
    ("number", "shown", "read"),
    [
        (1234.5678, "1,234.57", "1234.5678"),
        (1234.5678, "1.234,57 MOP", "1234.5678MOP"),
        (300, "¥300.00", "¥300"),
        (1500000, "1.5M", "1.5M"),
        (12, "0012", "0012"),
        (-5, "-5 ℃", "-5℃"),
        (3000000, "3,000,000元", "3000000元"),
    ],
)
def test_a_number_with_marks(number, shown, read):
    assert cells_of(ods_row("产品名称", "参考价") + ods_row("甲", value("float", number, shown))) == [["甲", read]]


def test_a_currency_that_is_not_shown_is_named():
    cell = value("currency", 300, "300.00", 'office:currency="HKD"')
    assert cells_of(ods_row("产品名称", "参考价") + ods_row("甲", cell)) == [["甲", "HKD 300"]]


def test_rows_repeated_to_the_end_of_the_sheet_are_nothing():
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert cells_of(HEADER + ods_row("甲", "", "", "") + empty) == [["甲", "", "", ""]]


def test_hidden_rows_notes_and_errors_are_told():
    rows = (
        ods_row("甲", "#REF!", "", "") + ods_row("乙", more='table:visibility="filter"') + ods_row("注：参考价含税。")
    )
    table = parse_table(ods(HEADER + rows))
    assert [row.cells["产品名称"] for row in table.rows] == ["甲"]
    assert [(fault.row, fault.reason) for fault in table.faults] == [
        (2, faults.ERROR_VALUE),
        (3, faults.HIDDEN_ROW),
        (4, faults.NOTE_ROW),
    ]


def test_a_comment_is_no_text_of_its_cell():
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>请核对</text:p></office:annotation>'
        "<text:p>甲<text:line-break/>一</text:p><text:p>乙</text:p></table:table-cell>"
    )
    assert cells_of(ods_row("产品名称", "简介") + ods_row("x", cell)) == [["x", "甲\n一\n乙"]]


def test_cells_merged_downwards_hold_for_each_row():
    top = '<table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>低空</text:p></table:table-cell>'
    rows = ods_row("领域", "产品名称") + ods_row(top, "甲") + ods_row("<table:covered-table-cell/>", "乙")
    assert cells_of(rows) == [["低空", "甲"], ["低空", "乙"]]


def test_a_hidden_sheet_is_told():
    style = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    with pytest.raises(ReadingError, match="hidden"):
        parse_table(ods(HEADER + ods_row("甲"), styles=style, table='table:style-name="ta1"'))


@settings(max_examples=100, deadline=2000)
@given(st.data())
def test_damaged_bytes_give_a_table_or_a_reason(data):
    give_a_table_or_a_reason(data, _WHOLE)


_WHOLE = ods(HEADER + ods_row("甲", value("percentage", 0.985, "99%"), value("float", 50, "50万元"), ""))
