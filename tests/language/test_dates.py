from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.language import faults
from scenario_hall.language.dates import parse_date, read_day, read_days, read_span
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
        ("15-Mar-2027", date(2027, 3, 15)),
        ("15/Mar/2027", date(2027, 3, 15)),
        ("15.Mar.2027", date(2027, 3, 15)),
        ("2027-Mar-15", date(2027, 3, 15)),
        ("15th of June, 2027", date(2027, 6, 15)),
        ("Mar-2027", date(2027, 3, 31)),
        ("30 de junho de 2027", date(2027, 6, 30)),
        ("até 1.º de março de 2027", date(2027, 3, 1)),
        ("fim de fevereiro de 2028", date(2028, 2, 29)),
        ("jun/2027", date(2027, 6, 30)),
        ("6月15日，2027年", date(2027, 6, 15)),
        ("二○二七年六月十五日", date(2027, 6, 15)),
        ("二〇二七年六月廿五日", date(2027, 6, 25)),
        ("民國116年6月15日", date(2027, 6, 15)),
        ("Tue Jun 15 2027 00:00:00 GMT+0800 (中国标准时间)", date(2027, 6, 15)),
        ("Tue Jun 15 2027 20:00:00 GMT-0500 (EST)", date(2027, 6, 16)),
        ("Tue, 15 Jun 2027 18:00:00 +0000", date(2027, 6, 16)),
        ("2027年6月15日24:00", date(2027, 6, 15)),
        ("2027年6月15日（星期二）下午6点", date(2027, 6, 15)),
        ("2027年四季度", date(2027, 12, 31)),
        ("2027 4th quarter", date(2027, 12, 31)),
        ("third quarter of 2027", date(2027, 9, 30)),
        ("4.º trimestre de 2027", date(2027, 12, 31)),
        ("segundo trimestre de 2027", date(2027, 6, 30)),
        ("3T2027", date(2027, 9, 30)),
        ("H1 2027", date(2027, 6, 30)),
        ("second half of 2027", date(2027, 12, 31)),
        ("1.º semestre de 2027", date(2027, 6, 30)),
        ("2027年下半年", date(2027, 12, 31)),
        ("46387", date(2026, 12, 31)),
        ("46387.75", date(2026, 12, 31)),
        ("2027年6月至9月", date(2027, 9, 30)),
        ("2027年1至3月", date(2027, 3, 31)),
        ("2027年6月15日-30日", date(2027, 6, 30)),
        ("2027/06/15-06/30", date(2027, 6, 30)),
        ("2027.6.15-6.30", date(2027, 6, 30)),
        ("2027-06~09", date(2027, 9, 30)),
        ("20270615-0630", date(2027, 6, 30)),
        ("2026年12月至次年3月", date(2027, 3, 31)),
        ("2027年Q1-Q3", date(2027, 9, 30)),
        ("2027年6-9月", date(2027, 9, 30)),
        ("2027-06-15/2027-07-15", date(2027, 7, 15)),
        ("2Q 2027", date(2027, 6, 30)),
        ("15JUN2027", date(2027, 6, 15)),
        ("2027年上半年至下半年", date(2027, 12, 31)),
        ("15-30 June 2027", date(2027, 6, 30)),
        ("15 a 30 de junho de 2027", date(2027, 6, 30)),
        ("de junho a setembro de 2027", date(2027, 9, 30)),
        ("Sept 26-27, 2027", date(2027, 9, 27)),
        ("June 15 to July 3, 2027", date(2027, 7, 3)),
        ("3Q27", date(2027, 9, 30)),
        ("Q3’27", date(2027, 9, 30)),
        ("4T27", date(2027, 12, 31)),
        ("1H27", date(2027, 6, 30)),
        ("H2 27", date(2027, 12, 31)),
        ("2S27", date(2027, 12, 31)),
    ],
)
def test_a_date_is_the_last_day_that_the_text_names(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "长期有效", "長期", "不限", "ongoing"])
def test_an_open_end_is_no_date_and_no_fault(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2025-13-40",
        "2025年2月30日前",
        "2025/2/30",
        "2025年13月",
        "31-Feb-2027",
        "2027年6月15日-31日",
        "2027年9月至6月",
        "30 de fevereiro de 2027",
    ],
)
def test_a_day_that_the_calendar_does_not_have_is_told(text):
    assert parse_date(text) == Fault(faults.IMPOSSIBLE_DATE, text)


@pytest.mark.parametrize(
    "text",
    [
        "合同签订后6个月内",
        "尽快",
        "2027年春节前",
        "100",
        "30/6/27",
        "15 Mar 27",
        "Mar-27",
        "15 Brumaire 2027",
        "15.März 2027",
        "meados de 2027",
        "early June 2027",
        "2027年中",
        "27年6月30日",
        "2h30",
        "1h15",
        "17:00",
        "5pm",
        "6月30日前",
        "12345",
        "2027-06-15 2027-07-15",
        "2026年1月启动，2027年6月完成",
    ],
)
def test_what_names_no_day_is_told(text):
    assert parse_date(text) == Fault(faults.NO_DATE, text)


@pytest.mark.parametrize(
    "day", ["12 May 2027", "12/5/2027", "2027-05-12", "2027年5月12日", "12 de maio de 2027", "May 12, 2027"]
)
@pytest.mark.parametrize(
    "written",
    [
        "{} 5pm", "{}, 5 p.m.", "{} 5.30pm", "{} 17:30", "{} 17:30 hrs", "{} 1730 hours", "{} 17:00h", "{}, 12 noon", "{} midnight",
        "{} (5:00 p.m.)", "5pm on {}", "by 6:00 pm (HKT) {}", "on or before {} 17:00", "{} às 17h", "{} às 17h30", "às 18:00 do dia {}",
        "{} meio-dia", "{}下午5时30分", "{} 17时前", "{}中午12时正", "{}（星期三）下午5點",
    ],
)  # fmt: skip
def test_a_time_beside_a_day_leaves_the_day(day: str, written: str) -> None:
    assert parse_date(written.format(day)) == date(2027, 5, 12)


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


MONTHS_OF = {
    "en": "January February March April May June July August September October November December".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
}


@settings(max_examples=200)
@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["en", "pt"]),
    st.booleans(),
    st.sampled_from(["-", "/", " ", ".", " de ", " of ", ", "]),
)
def test_a_named_month_with_any_joint_gives_its_day(day, language, is_short, joint):
    name = MONTHS_OF[language][day.month - 1]
    written = f"{day.day}{joint}{name[:3] if is_short else name}{joint}{day.year}"
    assert parse_date(written) == day


@pytest.mark.parametrize(
    "word", ["Foo", "Germinal", "六月节", "xyz", "第五季", "Maerz", "雨季", "15", "3rd", "/", "Mai?x"]
)
@pytest.mark.parametrize("form", ["{word} 2027", "2027 {word}", "15 {word} 2027", "2027年{word}"])
def test_a_year_never_stands_for_what_was_not_understood(word, form):
    written = form.format(word=word)
    assert parse_date(written) != date(2027, 12, 31) or word == "/"


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("15-Mar-2027", date(2027, 3, 15), date(2027, 3, 15)),
        ("junho de 2027", date(2027, 6, 1), date(2027, 6, 30)),
        ("2027年三季度", date(2027, 7, 1), date(2027, 9, 30)),
        ("H2 2027", date(2027, 7, 1), date(2027, 12, 31)),
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_search_takes_the_whole_time_that_is_named(written, first, last):
    assert read_span(written) == (first, last)


@pytest.mark.parametrize("written", ["", "x", "2027-13", "2027年6月至9月", "2027年6月上旬", "27"])
def test_what_is_no_single_time_is_none(written):
    assert read_span(written) is None
