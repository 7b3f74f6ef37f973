"""Notes, totals and headings beside a list are told and left out; rows that only look like them stay."""

import pytest

from scenario_hall.exchange import faults
from scenario_hall.exchange.reading import parse_table
from tests.exchange.workbook_files import xlsx

HEADER = "序号,场景名称,场景描述,预算（万元）\n1,场景甲,描述,300\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("注：以上金额为估算。,,,", faults.NOTE_ROW),
        (",备注：预算含税,,", faults.NOTE_ROW),
        ("说明：数据截至2026年11月,,,", faults.NOTE_ROW),
        ("*注1：见附件,,,", faults.NOTE_ROW),
        ("（注）金额为估算,,,", faults.NOTE_ROW),
        ("Notes: all sums are estimates,,,", faults.NOTE_ROW),
        ("Observações: valores estimados,,,", faults.NOTE_ROW),
        ("資料來源：某局,,,", faults.NOTE_ROW),
        ("填表人：张三,,审核人：李四,", faults.NOTE_ROW),
        ("合计,,,900", faults.TOTAL_ROW),
        (",合 计,,900", faults.TOTAL_ROW),
        ("合計：,,,900", faults.TOTAL_ROW),
        ("小计,,,#REF!", faults.TOTAL_ROW),
        ("总计（3项）,,,900", faults.TOTAL_ROW),
        ("Total,,,900", faults.TOTAL_ROW),
        ("Grand Total,,,1 200", faults.TOTAL_ROW),
        ("一、低空经济类,,,", faults.HEADING_ROW),
        ("（二）海洋,,,", faults.HEADING_ROW),
        ("第一批,,,", faults.HEADING_ROW),
    ],
)
def test_what_stands_beside_the_list_is_told_and_left_out(line, reason):
    table = parse_table(f"{HEADER}{line}\n2,场景乙,描述,300\n".encode())
    assert [row.cells["场景名称"] for row in table.rows] == ["场景甲", "场景乙"]
    assert [(fault.row, fault.reason) for fault in table.faults] == [(3, reason)]


@pytest.mark.parametrize(
    "title",
    [
        "注塑车间巡检",
        "说明书自动生成",
        "合计算法优化",
        "总计量站改造",
        "备注识别系统",
        "小计程车调度",
        "notebook tracking",
        "来源追溯平台",
        "Totalizer test",
    ],
)
def test_a_title_that_begins_like_one_stays(title):
    table = parse_table(f"{HEADER}2,{title},描述,100\n,{title},,\n".encode())
    assert [row.cells["场景名称"] for row in table.rows] == ["场景甲", title, title]
    assert not table.faults


def test_what_is_numbered_below_a_note_belongs_to_it():
    table = parse_table(f"{HEADER}注：,,,\n1.金额为估算,,,\n2、日期为暂定,,,\n".encode())
    assert [fault.reason for fault in table.faults] == [faults.NOTE_ROW] * 3


def test_a_cell_merged_over_the_list_is_a_heading():
    rows = [["场景名称", "场景描述", "预算"], ["低空经济", None, None], ["甲", "描述", "1万元"]]
    table = parse_table(xlsx(rows, merged=["A2:C2"]))
    assert [(fault.row, fault.reason) for fault in table.faults] == [(2, faults.HEADING_ROW)]


def test_a_repeated_header_of_two_lines_is_told():
    upper, lower, data = "场景名称,投资规模,", ",下限,上限", "甲,100万元,200万元"
    table = parse_table("\n".join([upper, lower, data, upper, lower, "乙,1万元,2万元"]).encode())
    assert [row.cells["场景名称"] for row in table.rows] == ["甲", "乙"]
    assert [fault.reason for fault in table.faults] == [faults.REPEATED_HEADER] * 2
