from datetime import date

import pytest

from scenario_hall.core.values import Currency
from scenario_hall.exchange import faults
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.faults import Severity
from scenario_hall.exchange.reading import parse_table
from scenario_hall.exchange.rows import check_organizations, check_rows
from scenario_hall.exchange.steps import in_one_go
from scenario_hall.language.faults import BAD_SUM, IMPOSSIBLE_DATE, NOT_STATED, UNKNOWN_CURRENCY
from scenario_hall.organizations.models import Side

TODAY = date(2026, 11, 23)
HEADER = "序号,场景名称,所属领域,场景描述,技术需求,投资规模,实施地点,完成时限,联系单位及电话\n"
ROW = (
    "1,海岛投送,低空经济、应急管理,渡轮停航,载重≥20kg；航程≥40公里,约300万元,"
    "珠海市香洲区,2027年9月底前,应急局 0756-0000001\n"
)


def told(checked):
    return [(fault.row, fault.column, fault.reason, fault.severity) for fault in checked.faults]


def test_a_row_is_read_whole_and_its_original_cells_are_kept(scenarios):
    checked = scenarios(HEADER + ROW)
    (row,) = checked.rows
    assert (row.title, row.domains, row.texts["situation"]) == ("海岛投送", ("low-altitude", "emergency"), "渡轮停航")
    assert (row.budget_min, row.budget_max, row.currency) == (3_000_000, 3_000_000, Currency.CNY)
    assert (row.region, row.place, row.deadline) == ("440400", "珠海市香洲区", date(2027, 9, 30))
    assert (row.contact.name, row.contact.phone) == ("应急局", "0756-0000001")
    assert [(line.metric, line.value) for line in row.requirements] == [("载重", 20), ("航程", 40)]
    assert not row.are_requirements_read
    assert list(row.source_cells.values()) == ROW.strip().split(",")
    assert checked.faults == []


def test_a_doubled_row_is_refused_whatever_its_running_number(scenarios):
    checked = scenarios(HEADER + ROW + ROW.replace("1,", "2,", 1))
    assert len(checked.rows) == 1
    assert told(checked) == [(3, "场景名称", faults.DOUBLED, Severity.ERROR)]
    assert str(checked.faults[0]) == "This row repeats row 2; only the first is used."


def test_a_reference_stands_once_and_the_same_words_under_two_references_are_a_warning(scenarios):
    checked = scenarios("id,title\nA,One\nA,Two\nB,One\n")
    assert [row.title for row in checked.rows] == ["One", "One"]
    assert told(checked) == [
        (3, "id", faults.SAME_REFERENCE, Severity.ERROR),
        (4, "title", faults.SAME_CONTENT, Severity.WARNING),
    ]


def test_a_row_without_title_is_refused(scenarios):
    checked = scenarios("title,text\n,something\nOne,b\n")
    assert told(checked) == [(2, "title", faults.NO_TITLE, Severity.ERROR)]


def test_a_list_without_title_column_is_told_row_by_row_until_somebody_chooses(scenarios):
    assert told(scenarios("colour,weather\nred,fine\n")) == [(2, "", faults.NO_TITLE_COLUMN, Severity.ERROR)]
    assert scenarios("colour,weather\nred,fine\n", chosen={"colour": "title"}).rows[0].title == "red"


def test_what_cannot_be_read_is_a_warning_and_left_open(scenarios):
    row = "2,森林防火,低空经济、魔法,巡护,红外测温误差±2℃,待定,火星,2025-13-40,林业局\n"
    checked = scenarios(HEADER + row)
    (found,) = checked.rows
    assert (found.budget_min, found.regions, found.deadline, found.proposed_tags) == (None, (), None, ("魔法",))
    assert found.source_cells["完成时限"] == "2025-13-40"
    assert {(fault.column, fault.reason) for fault in checked.faults} == {
        ("投资规模", NOT_STATED),
        ("实施地点", faults.UNKNOWN_REGION),
        ("完成时限", IMPOSSIBLE_DATE),
        ("所属领域", faults.UNKNOWN_TAG),
    }


def test_a_deadline_that_is_past_is_left_out_with_a_warning(scenarios):
    checked = scenarios("title,deadline\nOne,2025年Q4\nTwo,2026-11-23\n")
    assert [row.deadline for row in checked.rows] == [None, TODAY]
    assert told(checked) == [(2, "deadline", faults.PAST_DEADLINE, Severity.WARNING)]


def test_several_regions_are_all_kept_and_the_first_is_the_region(scenarios):
    checked = scenarios('title,region\nOne,"韶关市、清远市"\n')
    assert (checked.rows[0].region, checked.rows[0].regions) == ("440200", ("440200", "441800"))
    assert told(checked) == [(2, "region", faults.SEVERAL_REGIONS, Severity.WARNING)]


def test_slashes_part_domains_and_the_header_gives_the_currency(scenarios):
    checked = scenarios('場景名稱,領域,預算(港幣)\n外牆清洗,低空經濟/機械人,"850,000"\n')
    assert checked.rows[0].domains == ("low-altitude", "robotics")
    assert (checked.rows[0].budget_max, checked.rows[0].currency) == (850_000, Currency.HKD)


def test_the_ends_of_a_budget_and_its_currency_may_have_columns_of_their_own(scenarios):
    checked = scenarios("title,budget_min,budget_max,currency\nOne,500,900,HKD\nTwo,900,500,\nThree,5,,EUR\n")
    assert [(row.budget_min, row.budget_max, row.currency) for row in checked.rows] == [
        (500, 900, Currency.HKD),
        (None, None, Currency.CNY),
        (None, None, Currency.CNY),
    ]
    assert [fault.reason for fault in checked.faults] == [BAD_SUM, UNKNOWN_CURRENCY]


def test_several_text_columns_are_put_together_under_their_headers(scenarios):
    assert scenarios("场景名称,背景,痛点\n甲,乙,丙\n").rows[0].texts["situation"] == "背景：乙\n痛点：丙"


def test_requirements_are_read_from_the_text_when_they_have_no_column(scenarios):
    row = scenarios("title,text\nOne,续航不低于60分钟\n").rows[0]
    assert row.are_requirements_read
    assert [(line.metric, line.value) for line in row.requirements] == [("续航", 60)]


def test_a_title_that_is_a_formula_is_refused_and_its_other_faults_are_told_too(products):
    checked = products('产品名称;技术成熟度;主要技术指标\n=HYPERLINK("http://example.invalid","点击");-1;=1+1\n')
    assert checked.rows == []
    assert told(checked) == [
        (2, "产品名称", faults.FORMULA, Severity.ERROR),
        (2, "主要技术指标", faults.FORMULA, Severity.WARNING),
        (2, "技术成熟度", faults.BAD_READINESS, Severity.WARNING),
    ]


def test_a_product_is_read_whole(products):
    checked = products(
        "产品名称;型号;企业名称;统一社会信用代码;主要技术指标;技术成熟度;价格区间;首次销售时间\n"
        "复合翼货运无人机;VX-30;某某公司;91440300MA5G0000X0;最大起飞重量100kg,载荷30kg;8级;80~120万元;2024.3\n"
        '"带换行\n的产品名";;;;;;;\n'
    )
    first, second = checked.rows
    assert (first.texts["model"], first.organization, first.readiness_level) == ("VX-30", "某某公司", 8)
    assert (first.price_min, first.price_max, first.texts["earlier_uses"]) == (
        800_000,
        1_200_000,
        "首次销售时间：2024.3",
    )
    assert [(line.metric, line.value) for line in first.specifications] == [("最大起飞重量", 100), ("载荷", 30)]
    assert (second.number, second.title) == (3, "带换行的产品名")


def test_a_list_of_models_gives_titles_with_their_manufacturer_and_measures_with_units(products):
    checked = products("manufacturer,name,class,weight,endurance\nYuneec,H3,none,1985,25\nYuneec,Yuneec Q,C2,,\n")
    assert [row.title for row in checked.rows] == ["Yuneec H3", "Yuneec Q"]
    assert [(line.metric, line.value, line.unit) for line in checked.rows[0].specifications] == [
        ("weight", 1985, "g"),
        ("endurance", 25, "min"),
    ]
    assert [column.header for column in checked.columns.unknown] == ["class"]
    assert checked.rows[0].source_cells["class"] == "none"


def test_organizations_are_read(look_ups):
    header = "单位名称,统一社会信用代码,类型,所在城市,企业资质\n"
    table = parse_table(f"{header}某局,91440300MA5G0000X0,需求方,珠海,专精特新、链主\n".encode())
    (row,) = check_organizations(table, look_ups=look_ups, today=TODAY).rows
    assert (row.title, row.side, row.region, row.tiers) == ("某局", Side.DEMAND, "440400", ("专精特新", "链主"))


def test_a_title_or_text_beyond_its_limit_is_refused(scenarios):
    checked = scenarios(f"title,text\n{'长' * 201},b\nTwo,{'长' * 10_001}\n")
    assert [fault.reason for fault in checked.faults] == [faults.LONG_TITLE, faults.LONG_TEXT]
    assert checked.rows == []


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_kind_of_list_is_checked_by_its_name(kind, look_ups):
    table = parse_table(b"title,text\nOne,a\n")
    assert in_one_go(check_rows(table, kind, look_ups=look_ups, today=TODAY)).rows[0].title == "One"
