from scenario_hall.exchange import faults
from scenario_hall.exchange.faults import Severity


def told(checked):
    return [(fault.row, fault.column, fault.reason, fault.severity) for fault in checked.faults]


HEADER = "序号,场景名称,所属领域,场景描述,技术需求,投资规模,实施地点,完成时限,联系单位及电话\n"
CELLS = "1,海岛投送,低空经济、应急管理,{text},{wanted},{budget},珠海市香洲区,2027年9月底前,应急局 0756-0000001\n"


def test_a_comma_in_an_unquoted_text_does_not_shift_the_row(scenarios):
    text = "渡轮停航,需向３个海岛投送药品。"
    checked = scenarios(HEADER + CELLS.format(text=text, wanted="载重≥20kg", budget="约300万元"))
    (row,) = checked.rows
    assert (row.texts["situation"], row.budget_max, row.region, row.contact.name) == (
        text,
        3_000_000,
        "440400",
        "应急局",
    )
    assert row.source_cells["场景描述"] == text
    assert told(checked) == [(2, "场景描述", faults.JOINED, Severity.WARNING)]


def test_a_comma_of_thousands_goes_back_into_its_sum(scenarios):
    checked = scenarios(HEADER + CELLS.format(text="渡轮停航", wanted="载重≥20kg", budget="HK$850,000"))
    assert [row.budget_max for row in checked.rows] == [850_000]


def test_a_row_whose_values_may_be_shifted_is_refused(scenarios):
    checked = scenarios("title,text\nOne,a,b\n".replace("text", "colour"))
    assert told(checked) == [(2, "column 3", faults.SHIFTED, Severity.ERROR)]
    assert checked.rows == []


def test_a_remark_beyond_the_last_column_is_kept_without_a_meaning(scenarios):
    checked = scenarios("title,region,deadline\nOne,珠海,2027-01-01,备注\n")
    assert checked.rows[0].source_cells["column 4"] == "备注"
    assert told(checked) == [(2, "column 4", faults.LEFT_OVER, Severity.WARNING)]
