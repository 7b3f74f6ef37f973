"""Lists after public fault reports (``data/faults``), each with what is right, and lists in hard encodings and forms
that have always been read (``data/good``)."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from scenario_hall.core.values import Currency
from scenario_hall.exchange import faults
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.reading import read_table
from scenario_hall.exchange.rows import check_products, check_scenarios
from scenario_hall.language import faults as language_faults

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 27)
SECONDS = 5.0
JUNE = date(2027, 6, 15)
# title → budget in whole units, deadline; and the faults by place and column.
SCENARIOS = {
    "csv_backslash_quote.csv": ({"智慧港口": (3_000_000, None), "海岛": (2_000_000, None)}, []),
    "csv_utf32_bom.csv": (
        {"智慧港口无人集卡": (3_000_000, JUNE), "海岛物流": (2_000_000, date(2027, 7, 15))},
        [],
    ),
    "xlsx_bad_fill_style.xlsx": ({"场景甲": (3_000_000, JUNE)}, []),
    "xlsx_error_in_title.xlsx": (
        {"场景丙": (3_000_000, JUNE)},
        [
            ("2", "场景名称", faults.ERROR_VALUE),
            ("2", "场景名称", faults.NO_TITLE),
            ("3", "场景名称", faults.ERROR_VALUE),
            ("3", "场景名称", faults.NO_TITLE),
            ("4", "场景描述", faults.ERROR_VALUE),
        ],
    ),
    "xlsx_formulas_cached.xlsx": (
        {"东区巡检场景": (3_000_000, JUNE), "场景乙": (3_000_000, JUNE)},
        [("2", name, faults.STORED_RESULTS) for name in ("序号", "场景名称", "预算（万元）", "截止日期")],
    ),
    "xlsx_header_row3_notes_total.xlsx": (
        dict.fromkeys(("场景甲", "场景乙", "场景丙"), (3000000, JUNE)),
        [("7", "", faults.NOTE_ROW), ("8", "", faults.TOTAL_ROW)],
    ),
    "xlsx_hidden_row_hidden_sheet.xlsx": (
        {"可见场景": (3_000_000, JUNE), "可见场景三": (3_000_000, JUNE)},
        [("旧清单", "", faults.HIDDEN_SHEET), ("3", "", faults.HIDDEN_ROW)],
    ),
    "xlsx_nbsp_zwsp.xlsx": ({"场景甲": (3_000_000, JUNE)}, []),
    "xlsx_numfmt31.xlsx": ({"场景甲": (3_000_000, JUNE), "场景乙": (3_000_000, JUNE)}, []),
    "xlsx_serial_general.xlsx": ({"场景甲": (3_000_000, JUNE)}, [("2", "截止日期", faults.SERIAL_DATE)]),
    "xlsx_stray_XFD5000.xlsx": ({"场景甲": (3_000_000, JUNE), "场景乙": (3_000_000, JUNE)}, []),
    "xlsx_two_lists_two_sheets.xlsx": (
        {f"{city}场景{number}": (3_000_000, JUNE) for city in ("深圳", "珠海") for number in "一二"},
        [("填表说明", "", faults.OTHER_SHEET)],
    ),
    "xlsx_two_row_header.xlsx": ({"场景甲": (1_000_000, None), "场景乙": (1_500_000, None)}, []),
    "xlsx_unit_in_format.xlsx": ({"场景甲": (3_000_000, JUNE), "场景乙": (500_000, JUNE)}, []),
}
# cell → its ends and currency; None: two readings, told with both and the sum left open
SUMS = {
    "RMB 300w": (3_000_000, 3_000_000, Currency.CNY),
    "50 mil patacas": (50_000, 50_000, Currency.MOP),
    "MOP$ 50 mil": (50_000, 50_000, Currency.MOP),
    "HK$20mil": (20_000, 20_000, Currency.HKD),  # “mil” is Portuguese for a thousand, a million is “million” or “m”
    "HK$20 mil": (20_000, 20_000, Currency.HKD),
    "MOP 500.000": None,
    "1'200'000元": (1_200_000, 1_200_000, Currency.CNY),
    "伍佰万元整": (5_000_000, 5_000_000, Currency.CNY),
    "三百万": (3_000_000, 3_000_000, Currency.CNY),
    "300余万元": (3_000_000, 3_000_000, Currency.CNY),
    "1.5个亿": (150_000_000, 150_000_000, Currency.CNY),
    "500万元±10%": (4_500_000, 5_500_000, Currency.CNY),
    "RMB 1 200 000": (1_200_000, 1_200_000, Currency.CNY),
    "人民币1,200,000.00元": (1_200_000, 1_200_000, Currency.CNY),
    "100-200（万元）": (1_000_000, 2_000_000, Currency.CNY),
}
# cell → the day; of a span, a month or a quarter its end
DATES = {
    "15-Mar-2027": date(2027, 3, 15),
    "15/Mar/2027": date(2027, 3, 15),
    "30 de junho de 2027": date(2027, 6, 30),
    "2027年6月至9月": date(2027, 9, 30),
    "2027年6月15日-30日": date(2027, 6, 30),
    "6月15日，2027年": JUNE,
    "二○二七年六月十五日": JUNE,
    "Tue Jun 15 2027 00:00:00 GMT+0800 (中国标准时间)": JUNE,
    "2027年四季度": date(2027, 12, 31),
}
REFUSED = {"html_saved_as.xls": "web page", "xlsx_password.xlsx": "password"}
GOOD = {
    "csv_big5hkscs.csv": ("深水埗𨋢機維修", "𨋢機壞咗要即刻知道，㗎喇。"),
    "csv_cp1252_pt.csv": ("Inspeção de pontes", "Queremos drones para inspeção"),
    "csv_gb18030.csv": ("海岛物流", "海岛之间无人机送货。"),
    "csv_gbk_traditional.csv": ("離島物流", "離島之間無人機送貨，邨屋升降機維修。"),
    "csv_sep_line.csv": ("甲场景", "乙描述"),
    "csv_shift_jis.csv": ("点検ドローン", "ドローンによる橋梁点検サービス"),
    "csv_utf16le_nobom.csv": ("海岛物流", "海岛之间无人机送货。"),
    "csv_utf8_bom_twice.csv": ("海岛物流", "海岛之间无人机送货。"),
    "xlsx_1904.xlsx": ("场景乙", "需要无人机自动巡检，续航不少于45分钟。"),
    "xlsx_dbnum.xlsx": ("场景乙", "需要无人机自动巡检，续航不少于45分钟。"),
    "xlsx_no_cell_refs.xlsx": ("场景甲", "需要无人机自动巡检，续航不少于45分钟。"),
    "xlsx_richtext.xlsx": ("无人机巡检场景", "需要无人机自动巡检，续航不少于45分钟。"),
}


def test_every_file_is_looked_at():
    lists = {path.name for path in (DATA / "faults").iterdir()}
    assert lists == {*SCENARIOS, *REFUSED, "xlsx_products_percent.xlsx", "sums.csv", "dates.csv"}
    assert {path.name for path in (DATA / "good").iterdir()} == set(GOOD)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_list_that_went_wrong_is_read_rightly_and_what_is_wrong_is_told_at_its_cell(name, look_ups):
    expected, wrong = SCENARIOS[name]
    begun = time.monotonic()
    checked = check_scenarios(read_table(DATA / "faults" / name), look_ups=look_ups, today=TODAY)
    assert time.monotonic() - begun < SECONDS
    assert {row.title: (row.budget_min, row.deadline) for row in checked.rows} == expected
    unsure = (faults.UNKNOWN_REGION,)  # the small world of these tests has four regions
    told = [(fault.place, fault.column, fault.reason) for fault in checked.faults if fault.reason not in unsure]
    assert told == wrong


def test_the_ends_of_a_header_of_two_lines_are_both_read(look_ups):
    checked = check_scenarios(read_table(DATA / "faults" / "xlsx_two_row_header.xlsx"), look_ups=look_ups, today=TODAY)
    assert [(row.budget_min, row.budget_max, row.currency, row.contact.phone) for row in checked.rows] == [
        (1_000_000, 2_000_000, Currency.CNY, "0755-12345678"),
        (1_500_000, 2_500_000, Currency.CNY, "0756-1234567"),
    ]


def test_each_sum_of_the_list_is_read_whole_or_told_with_its_two_readings(look_ups):
    checked = check_scenarios(read_table(DATA / "faults" / "sums.csv"), look_ups=look_ups, today=TODAY)
    assert {row.source_cells["预算"]: (row.budget_min, row.budget_max, row.currency) for row in checked.rows} == {
        cell: ends or (None, None, Currency.CNY) for cell, ends in SUMS.items()
    }
    assert [(fault.place, fault.column, fault.value, fault.reason) for fault in checked.faults] == [
        ("7", "预算", "MOP 500.000 (500 / 500,000)", language_faults.TWO_READINGS)
    ]


def test_each_date_of_the_list_is_the_day_that_is_meant(look_ups):
    checked = check_scenarios(read_table(DATA / "faults" / "dates.csv"), look_ups=look_ups, today=TODAY)
    assert {row.source_cells["截止日期"]: row.deadline for row in checked.rows} == DATES
    assert checked.faults == []


def test_a_percentage_keeps_its_sign(look_ups):
    table = read_table(DATA / "faults" / "xlsx_products_percent.xlsx")
    checked = check_products(table, look_ups=look_ups, today=TODAY)
    rates = [(line.metric, line.value, line.unit) for row in checked.rows for line in row.specifications]
    assert rates == [("重量", 5, "kg"), ("识别率", 98.5, "%"), ("重量", 6, "kg"), ("识别率", 99, "%")]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_is_refused_with_its_reason(name):
    with pytest.raises(ReadingError, match=REFUSED[name]):
        read_table(DATA / "faults" / name)


@pytest.mark.parametrize("name", GOOD)
def test_what_went_right_stays_right(name, look_ups):
    checked = check_scenarios(read_table(DATA / "good" / name), look_ups=look_ups, today=TODAY)
    last = checked.rows[-1]
    assert (last.title, last.texts["situation"]) == GOOD[name]
    assert not [fault for fault in checked.faults if fault.reason != faults.UNKNOWN_REGION]
    if name.startswith("xlsx_") and name != "xlsx_no_cell_refs.xlsx":
        assert last.deadline == JUNE
