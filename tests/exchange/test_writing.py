from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from scenario_hall.core.values import Comparison, Requirement
from scenario_hall.exchange.reading import read_table
from scenario_hall.exchange.rows import check_scenarios
from scenario_hall.exchange.writing import ListFormat, write_table

TODAY = date(2026, 11, 23)
COLUMNS = ["id", "title", "text", "requirements", "domains", "budget_min", "deadline"]
ROW = {
    "id": "S-2026-000001",
    "title": "海岛投送",
    "text": '第一行\n第二行, "引号"; 分号',
    "requirements": [
        Requirement(metric="载重", comparison=Comparison.AT_LEAST, value=20, unit="kg"),
        Requirement(metric="防水", comparison=Comparison.HAS),
    ],
    "domains": ["低空经济", "应急管理"],
    "budget_min": 3_000_000,
    "deadline": date(2027, 9, 30),
}


@pytest.mark.parametrize("form", list(ListFormat))
def test_an_exported_list_imports_as_it_was(form, tmp_path, look_ups):
    path = tmp_path / f"list.{form}"
    assert write_table([ROW], COLUMNS, form, path) == 1
    checked = check_scenarios(read_table(path), look_ups=look_ups, today=TODAY)
    (row,) = checked.rows
    assert (row.id, row.title, row.texts["situation"]) == (ROW["id"], ROW["title"], ROW["text"])
    assert list(row.requirements) == ROW["requirements"]
    assert (row.domains, row.budget_min, row.deadline) == (("low-altitude", "emergency"), 3_000_000, date(2027, 9, 30))
    assert checked.faults == []


@pytest.mark.parametrize("form", [ListFormat.CSV, ListFormat.XLSX])
def test_no_exported_cell_is_a_formula(form, tmp_path):
    path = tmp_path / f"list.{form}"
    write_table([{"title": '=HYPERLINK("http://example.invalid")', "text": "@SUM(1)"}], ["title", "text"], form, path)
    cells = read_table(path).rows[0].cells
    assert all(cell.startswith("'") for cell in cells.values())
    if form is ListFormat.XLSX:
        sheet = load_workbook(path).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def test_control_characters_do_not_break_a_workbook(tmp_path):
    write_table([{"title": "a\x00b\x0bc"}], ["title", "text"], ListFormat.XLSX, tmp_path / "list.xlsx")
    assert read_table(tmp_path / "list.xlsx").rows[0].cells["title"] == "abc"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(alphabet="甲乙abc,;\t\"' \n=+-@1", min_size=1, max_size=12).filter(str.strip), st.just("文")),
        min_size=1,
        max_size=5,
    )
)
def test_every_cell_of_a_csv_reads_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    rows = [{"title": title, "text": text} for title, text in texts]
    write_table(rows, ["title", "text"], ListFormat.CSV, path)
    checked = read_table(path)
    assert [row.cells["text"] for row in checked.rows] == ["文"] * len(texts)
