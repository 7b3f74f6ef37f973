"""What a number format adds to a number, as Excel shows it (with all digits)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.exchange.number_formats import BUILT_IN, day_of, written


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.985, "0.0%", "98.5%"),
        (0.985, "0%", "98.5%"),
        (0.07, "0%", "7%"),
        (1.5, "0.00%;-0.00%", "150%"),
        (50, '0"万元"', "50万元"),
        (50, "0\\万\\元", "50万元"),
        (3_000_000, '0!.0,"万元"', "300万元"),
        (1_234_567, '0\\.0,"万"', "123.4567万"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (120_000_000, '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', "1.2亿"),
        (25_000, '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', "2.5万"),
        (300, '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "¥300"),
        (0, '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "¥0"),
        (-300, "#,##0;(#,##0)", "-300"),
        (1200.5, "[$HK$-C04]#,##0.00", "HK$1200.5"),
        (300, "[$¥-804]#,##0", "¥300"),
        (12.5, '#,##0.00\\ "MOP"', "12.5MOP"),
        (5, 'General"kg"', "5kg"),
        (12, "0000", "0012"),
        (0, '0;-0;"待定"', "待定"),
        (5, ";;;", "5"),
        (3, "@", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (123456, "0.00E+00", "123456"),
        (0.5, "# ?/?", "0.5"),
        (46553, 'yyyy"年"m"月"d"日"', "2027-06-15"),
        (46553, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "2027-06-15"),
        (46553, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2027-06-15"),
        (46553, "[$-404]e/m/d", "2027-06-15"),
        (46553, "d-mmm-yy", "2027-06-15"),
        (46553, "aaaa", "2027-06-15"),
        (46553.75, "yyyy/m/d h:mm", "2027-06-15 18:00:00"),
        (46539, 'yyyy"年"m"月"', "2027-06"),
        (46553, "mmm-yy", "2027-06-15"),
        (46388, "yyyy", "2027"),
        (0.75, "h:mm AM/PM", "18:00:00"),
        (1.5, "[h]:mm", "36:00:00"),
        (-1, "yyyy-mm-dd", "-1"),
        (1e7, "yyyy-mm-dd", "10000000"),
    ],
)
def test_a_number_is_written_with_what_its_format_adds(value, code, shown):
    assert written(value, code) == shown


@pytest.mark.parametrize("number", [*range(27, 32), *range(50, 52), *range(53, 55), 57, 58, 14, 15, 16, 22, 36, 52])
def test_the_date_formats_that_east_asian_versions_do_not_write_down_are_dates(number):
    assert written(46553, BUILT_IN[number]) == "2027-06-15"


@pytest.mark.parametrize("number", [32, 33, 34, 35, 55, 56, 18, 21, 45, 47])
def test_the_formats_of_times_are_times(number):
    assert written(0.5, BUILT_IN[number]) == "12:00:00"


@given(st.dates(date(1904, 1, 2), date(2200, 1, 1)))
def test_every_day_is_read_in_both_systems_of_days(day):
    for is_1904, first in ((False, date(1899, 12, 30)), (True, date(1904, 1, 1))):
        serial = (day - first).days
        assert written(serial, "yyyy-mm-dd", is_1904=is_1904) == day.isoformat()
        moment = day_of(serial, is_1904=is_1904)
        assert moment is not None and moment.date() == day


def test_the_days_before_lotus_s_leap_day_are_not_a_day_off():
    assert written(1, "yyyy-mm-dd") == "1900-01-01"
    assert written(61, "yyyy-mm-dd") == (date(1900, 2, 28) + timedelta(days=1)).isoformat()


@given(st.decimals("-1e9", "1e9", places=4, allow_nan=False), st.sampled_from(["0.0%", '0"万元"', "#,##0.00", "0!.0,"]))
def test_no_digit_is_lost(number, code):
    text = written(float(number), code).rstrip("%万元")
    scale = Decimal("0.01") if code.endswith("%") else Decimal(10_000) if code.startswith("0!") else Decimal(1)
    assert Decimal(text) * scale == number


@given(st.floats(-1e12, 1e12), st.text(max_size=40))
def test_any_code_gives_a_text(value, code):
    assert written(value, code)
