"""Headers of two lines and of forms, in workbooks and in texts."""

import pytest

from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.columns import ListKind, map_columns
from scenario_hall.exchange.reading import parse_table
from tests.exchange.workbook_files import xlsx

UPPER = ["场景名称", "场景描述", "投资规模", None, "所在地", "联系方式", None]
LOWER = [None, None, "下限（万元）", "上限（万元）", None, "联系人", "电话"]
DATA = ["场景甲", "描述甲", 100, 200, "深圳", "李工", "0755-12345678"]
JOINED = [
    "场景名称",
    "场景描述",
    "投资规模/下限（万元）",
    "投资规模/上限（万元）",
    "所在地",
    "联系方式/联系人",
    "联系方式/电话",
]
MERGED = ["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:G1"]


def targets(header, kind=ListKind.SCENARIOS):
    return [column.target for column in map_columns(header, kind).columns]


@pytest.mark.parametrize("merged", [MERGED, ["C1:D1", "F1:G1"], []])
def test_a_header_of_two_lines_is_joined(merged):
    table = parse_table(xlsx([UPPER, LOWER, DATA], merged=merged))
    assert (table.header, table.header_row) == (JOINED, 2)
    assert [row.number for row in table.rows] == [3]
    assert targets(table.header) == ["title", "text", "budget_min", "budget_max", "region", "contact", "contact"]


def test_the_same_in_a_text_with_delimiters():
    lines = [UPPER, LOWER, DATA]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
    assert parse_table(text.encode()).header == JOINED


def test_groups_above_the_names_are_joined():
    rows = [
        ["2027年清单"],
        ["基本信息", None, "投资", None],
        ["场景名称", "场景描述", "下限", "上限"],
        ["甲", "描述", "100万元", "200万元"],
    ]
    table = parse_table(xlsx(rows, merged=["A1:D1", "A2:B2", "C2:D2"]))
    assert table.header == ["基本信息/场景名称", "基本信息/场景描述", "投资/下限", "投资/上限"]
    assert targets(table.header)[:2] == ["title", "text"]
    assert len(table.rows) == 1


def test_a_line_of_units_below_the_names_belongs_to_them():
    table = parse_table("产品名称,重量,续航时间\n,kg,（min）\n甲,5,40\n".encode())
    assert table.header == ["产品名称", "重量（kg）", "续航时间（min）"]


@pytest.mark.parametrize(
    "rows",
    [
        [["场景名称", "场景描述", ""], ["甲", "描述甲", "x"], ["乙", "描述乙", ""]],
        [["清单一", "", ""], ["场景名称", "场景描述", "预算"], ["甲", "描述", "100万元"]],
        [["填报单位：某局", "", "填报日期：2026年"], ["场景名称", "场景描述", "预算"], ["甲", "描述", "100万元"]],
        [["场景名称", "投资规模", ""], ["", "300万元", "自筹"], ["乙", "1万元", ""]],
    ],
)
def test_rows_and_titles_are_no_lines_of_a_header(rows):
    table = parse_table("\n".join(",".join(row) for row in rows).encode())
    assert not any("/" in name for name in table.header)


def test_a_sheet_with_names_in_the_first_column_is_told_to_be_a_form():
    rows = [
        ["场景名称", "海岛投送"],
        ["场景描述", "台风停航"],
        ["预算（万元）", 300],
        ["截止日期", "2027-06-15"],
        ["联系人", "李工"],
    ]
    for data in (xlsx(rows), xlsx([["场景申报表"], *rows]), "\n".join(f"{a},{b}" for a, b in rows).encode()):
        with pytest.raises(ReadingError, match="form"):
            parse_table(data)


def test_a_form_of_pairs_is_told_too():
    rows = [
        ["场景名称", "海岛投送", "联系人", "李工"],
        ["场景描述", "台风停航", "联系电话", "0755-1"],
        ["预算", "300万元", "地区", "珠海"],
    ]
    with pytest.raises(ReadingError, match="form"):
        parse_table(xlsx(rows))


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("投资规模/最低", "budget_min"),
        ("Budget/Max", "budget_max"),
        ("场景名称/Title", "title"),
        ("联系单位/名称", "contact"),
        ("申报单位/名称", "organization"),
        ("项目情况/场景描述", "text"),
        ("投资规模（万元）/下限", "budget_min"),
        ("orçamento/mínimo", None),
    ],
)
def test_a_joined_header_means_what_its_parts_say(header, target):
    assert targets([header]) == [target]
