"""XLSX as offices and programs write it: by content, with formats, errors, results, merged and hidden cells."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.reading import parse_table
from tests.exchange.workbook_files import MAIN, STRICT, changed, give_a_table_or_a_reason, sheet_xml, xlsx

HEADER = ["场景名称", "场景描述", "预算（万元）", "截止日期"]
ROW = ["场景甲", "描述甲", 300, datetime(2027, 6, 15)]


def cells_of(data):
    return [list(row.cells.values()) for row in parse_table(data).rows]


def test_numbers_and_dates_are_texts():
    assert cells_of(xlsx([HEADER, ROW])) == [["场景甲", "描述甲", "300", "2027-06-15"]]


@pytest.mark.parametrize("place", ["XFD2", "A1048576", "XFD1048576", "AA5000"])
def test_a_formatted_cell_anywhere_is_no_content(place):
    def format_it(_book, sheet):
        sheet[place].number_format = "0.00"

    assert cells_of(xlsx([HEADER, ROW], more=format_it)) == [["场景甲", "描述甲", "300", "2027-06-15"]]


def test_a_value_far_to_the_right_is_one_more_column():
    def write(_book, sheet):
        sheet["SA2"] = "x"

    table = parse_table(xlsx([HEADER, ROW], more=write))
    assert table.header == [*HEADER, "column 495"]


def test_styles_that_cannot_be_read_are_no_reason_to_refuse_and_told():
    data = changed(xlsx([HEADER, ROW]), {"xl/styles.xml": lambda text: text[: len(text) // 2]})
    table = parse_table(data)
    assert table.rows[0].cells["场景名称"] == "场景甲"
    assert [fault.reason for fault in table.faults] == [faults.UNREAD_FORMATS]


@pytest.mark.parametrize(
    "damage", ["<fill/>", "<fill><x/></fill>", "<fill><patternFill patternType='none of them'/></fill>"]
)
def test_what_is_wrong_with_fills_does_not_matter(damage):
    data = changed(xlsx([HEADER, ROW]), {"xl/styles.xml": lambda text: text.replace("<fills", f"{damage}<fills", 1)})
    assert cells_of(data) == [["场景甲", "描述甲", "300", "2027-06-15"]]


def test_formulas_are_read_by_their_stored_results_which_is_told():
    def store(text):
        return text.replace("<v>300</v>", "<f>SUM(100,200)</f><v>300</v>").replace("<is><t>场景甲</t></is>", "")

    data = sheet_xml(
        xlsx([HEADER, ["x", "描述甲", 300, None]]),
        lambda text: text.replace("<v>300</v>", "<f>SUM(100,200)</f><v>300</v>"),
    )
    table = parse_table(data)
    assert table.rows[0].cells["预算（万元）"] == "300"
    assert [(fault.row, fault.column, fault.reason) for fault in table.faults] == [
        (2, "预算（万元）", faults.STORED_RESULTS)
    ]


def test_a_formula_without_a_stored_result_stays_a_formula():
    assert cells_of(xlsx([HEADER, ["=1+1", "描述", 1, None]]))[0][0] == "=1+1"


@pytest.mark.parametrize(
    "error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#N/D", "#VALOR!"]
)
def test_an_error_value_is_told_at_its_cell_and_no_text(error):
    data = sheet_xml(
        xlsx([HEADER, ["场景甲", 5, 300, None]]),
        lambda text: text.replace('<c r="B2" t="n"><v>5</v></c>', f'<c r="B2" t="e"><v>{error}</v></c>'),
    )
    table = parse_table(data)
    assert table.rows[0].cells["场景描述"] == ""
    assert [(fault.row, fault.column, fault.value, fault.reason) for fault in table.faults] == [
        (2, "场景描述", error, faults.ERROR_VALUE)
    ]


def test_errors_that_were_saved_as_text_are_errors_too():
    table = parse_table("场景名称,场景描述,预算\n场景甲,#N/A,#####\n".encode())
    assert [fault.column for fault in table.faults] == ["场景描述", "预算"]


def test_percent_currency_and_unit_of_a_format_count():
    rows = [["产品名称", "识别率", "参考价", "编号"], ["甲", 0.985, 50, 7]]
    formats = {"B2": "0.0%", "C2": '0"万元"', "D2": "0000"}
    assert cells_of(xlsx(rows, formats=formats)) == [["甲", "98.5%", "50万元", "0007"]]


@pytest.mark.parametrize("number", [27, 28, 30, 31, 36, 50, 51, 52, 57, 58])
def test_built_in_east_asian_formats_are_dates(number):
    data = changed(
        xlsx([HEADER, ["场景甲", "描述", 1, 46553]], formats={"D2": "0.00"}),
        {"xl/styles.xml": lambda text: text.replace('numFmtId="2"', f'numFmtId="{number}"')},
    )
    assert cells_of(data)[0][3] == "2027-06-15"


def test_strict_documents_are_read():
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    data = xlsx([HEADER, ["场景甲", "描述", 300, None]])
    parts = {
        name: (lambda text: text.replace(MAIN, STRICT).replace(relations, strict))
        for name in (
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "_rels/.rels",
            "xl/_rels/workbook.xml.rels",
        )
    }
    dated = sheet_xml(
        changed(data, parts),
        lambda text: text.replace(
            "</row></sheetData>", '<c r="D2" t="d"><v>2027-06-15T00:00:00</v></c></row></sheetData>'
        ),
    )
    assert cells_of(dated)[0][:1] + cells_of(dated)[0][3:] == ["场景甲", "2027-06-15"]


def test_every_element_may_have_a_prefix():
    def prefixed(text):
        head, _, body = text.partition("<worksheet")
        body = ("<worksheet" + body).replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
        return head + body.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')

    assert cells_of(sheet_xml(xlsx([HEADER, ROW]), prefixed)) == [["场景甲", "描述甲", "300", "2027-06-15"]]


def test_line_breaks_written_as_escapes_are_line_breaks():
    assert cells_of(xlsx([HEADER, ["场景甲", "一_x000D_\n二", 1, None]]))[0][1] == "一\n二"


def test_hidden_rows_and_sheets_are_told_and_left_out():
    def hide(book, sheet):
        sheet.row_dimensions[3].hidden = True
        other = book.create_sheet("旧清单")
        other.append(HEADER)
        other.append(ROW)
        other.sheet_state = "hidden"

    table = parse_table(xlsx([HEADER, ROW, ["作废", "x", 1, None]], more=hide))
    assert [row.cells["场景名称"] for row in table.rows] == ["场景甲"]
    assert [(fault.place, fault.reason) for fault in table.faults] == [
        ("旧清单", faults.HIDDEN_SHEET),
        ("3", faults.HIDDEN_ROW),
    ]


def test_sheets_with_the_same_header_are_one_list_and_others_are_told():
    def add(book, sheet):
        sheet.title = "深圳"
        same = book.create_sheet("珠海")
        same.append([HEADER[1], HEADER[0], *HEADER[2:]])  # in another order
        same.append(["描述乙", "场景乙", 200, datetime(2027, 7, 1)])
        notes = book.create_sheet("填表说明")
        notes.append(["请逐行填写"])

    table = parse_table(xlsx([HEADER, ROW], more=add))
    assert [(row.sheet, row.number, row.cells["场景名称"]) for row in table.rows] == [
        ("深圳", 2, "场景甲"),
        ("珠海", 2, "场景乙"),
    ]
    assert [(fault.sheet, fault.reason) for fault in table.faults] == [("填表说明", faults.OTHER_SHEET)]


def test_a_day_by_the_system_of_1904():
    def set_it(book, _sheet):
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904

    assert cells_of(xlsx([HEADER, ["场景甲", "描述", 1, date(2027, 6, 15)]], more=set_it))[0][3] == "2027-06-15"


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_a_damaged_workbook_gives_a_table_or_a_reason(data):
    give_a_table_or_a_reason(data, _WHOLE)


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_a_damaged_part_gives_a_table_or_a_reason(data):
    part = data.draw(
        st.sampled_from(
            [
                "xl/workbook.xml",
                "xl/worksheets/sheet1.xml",
                "xl/styles.xml",
                "_rels/.rels",
                "xl/_rels/workbook.xml.rels",
                "xl/sharedStrings.xml",
            ]
        )
    )

    def damage(text):
        at = data.draw(st.integers(0, len(text)))
        return (
            text[:at]
            + data.draw(st.text(max_size=6)).encode(errors="ignore").decode()
            + text[at + data.draw(st.integers(0, 20)) :]
        )

    try:
        assert parse_table(changed(_WHOLE, {part: damage})).rows
    except ReadingError as error:
        assert str(error)


_WHOLE = xlsx([HEADER, ROW, ["场景乙", "描述乙", 0.5, None]], merged=["A2:A3"], formats={"C3": "0.0%"})
