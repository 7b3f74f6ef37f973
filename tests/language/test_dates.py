from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.language import faults
from scenario_hall.language.dates import parse_date, read_day, read_days
from scenario_hall.language.faults import Fault


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年9月底前", date(2025, 9, 30)),
        ("2025年9月上旬", date(2025, 9, 10)),
        ("2025年Q4", date(2025, 12, 31)),
        ("2025年第三季度", date(2025, 9, 30)),
        ("Q3 2026", date(2026, 9, 30)),
        ("2025年上半年", date(2025, 6, 30)),
        ("2025年底", date(2025, 12, 31)),
        ("31/12/2025", date(2025, 12, 31)),
        ("05/06/2026", date(2026, 6, 5)),
        ("12/31/2025", date(2025, 12, 31)),
        ("2025年11月30日", date(2025, 11, 30)),
        ("２０２５年１１月３０日", date(2025, 11, 30)),
        ("二〇二五年十二月三十一日", date(2025, 12, 31)),
        ("2024.3", date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("20251231", date(2025, 12, 31)),
        ("31 December 2025", date(2025, 12, 31)),
        ("Dec 31, 2025", date(2025, 12, 31)),
        ("2026年1月-2026年12月", date(2026, 12, 31)),
        ("2025-2027年", date(2027, 12, 31)),
        ("2026-12-31T20:59:00Z", date(2027, 1, 1)),
    ],
)
def test_a_date_is_the_last_day_that_the_text_names(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "长期有效", "長期", "不限", "ongoing"])
def test_an_open_end_is_no_date_and_no_fault(text):
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["2025-13-40", "2025年2月30日前", "2025/2/30", "2025年13月"])
def test_a_day_that_the_calendar_does_not_have_is_told(text):
    assert parse_date(text) == Fault(faults.IMPOSSIBLE_DATE, text)


@pytest.mark.parametrize("text", ["合同签订后6个月内", "尽快", "2027年春节前", "100"])
def test_what_names_no_day_is_told(text):
    assert parse_date(text) == Fault(faults.NO_DATE, text)


@settings(max_examples=100)
@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_each_way_to_write_a_day_gives_that_day(day):
    for form in ("{d:%Y-%m-%d}", "{d.year}年{d.month}月{d.day}日前", "{d:%Y/%m/%d}", "{d.day} {d:%B} {d.year}"):
        assert parse_date(form.format(d=day)) == day


@pytest.mark.parametrize("written", ["2027-03-01", "2027/3/1", "2027.3.1", "２０２７-03-01"])
def test_a_day_alone_is_read_year_first(written: str) -> None:
    assert read_day(written) == date(2027, 3, 1)
    assert read_days(written) == (date(2027, 3, 1), date(2027, 3, 1))


def test_a_month_is_read_as_its_first_and_last_day() -> None:
    assert read_days("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert read_day("2028-02") is None


@pytest.mark.parametrize("written", ["", "2027", "1.3.2027", "2027-02-30", "2027-13", "0001-01-01", "9999-12-31", "x"])
def test_what_is_no_day_of_our_time_is_none(written: str) -> None:
    assert read_day(written) is None and read_days(written) is None
