"""``data/old_excel.xls`` was written by xlwt: formats, a hidden row, a merged note, a hidden sheet."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.exchange import faults
from scenario_hall.exchange.reading import parse_table
from tests.exchange.workbook_files import give_a_table_or_a_reason

DATA = (Path(__file__).parent / "data" / "old_excel.xls").read_bytes()


def test_an_old_workbook_is_read_with_its_formats():
    table = parse_table(DATA)
    assert table.encoding == "xls"
    assert [list(row.cells.values()) for row in table.rows] == [
        ["产品甲", "描述甲", "98.5%", "50万元", "2027-06-15", "5"],
        ["产品乙", "描述乙", "99%", "60万元", "2027-07-01", "6"],
    ]
    assert [(fault.place, fault.reason) for fault in table.faults] == [
        ("旧清单", faults.HIDDEN_SHEET),
        ("4", faults.HIDDEN_ROW),
        ("5", faults.NOTE_ROW),
    ]


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_a_damaged_one_gives_a_table_or_a_reason(data):
    give_a_table_or_a_reason(data, DATA)
