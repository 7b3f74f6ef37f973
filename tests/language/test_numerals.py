"""Numbers in digits, with a scale behind them, and as Chinese numerals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.language.numerals import chinese_number, read_number, with_digits


def test_chinese_numerals_are_numbers() -> None:
    assert [chinese_number(each) for each in ("三百二十", "二〇二五", "十二", "一千二百万", "两亿")] == [
        320,
        2025,
        12,
        12_000_000,
        200_000_000,
    ]
    for wrong in ("12", "三五百"):
        with pytest.raises(ValueError, match="numeral"):
            chinese_number(wrong)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200.5", "1200.5"),
        ("30万", 300_000),
        ("３０萬", 300_000),
        ("1.2 亿", 120_000_000),
        ("30W", 300_000),
        ("500k", 500_000),
        ("1.5千万", 15_000_000),
        ("三百二十", 320),
        ("三百万", 3_000_000),
        ("−5", -5),
        (".5", "0.5"),
        ("2 × 10^3", 2000),
        ("1.5x10-3", "0.0015"),
        ("3.0E+06", 3_000_000),
        ("1 200 000", 1_200_000),
        ("1'200'000", 1_200_000),
        ("1.234.567,50", "1234567.50"),
        ("1,234,567.50", "1234567.50"),
        ("1,5", "1.5"),
        ("1.255万", 12_550),
        ("0.125", "0.125"),
        ("伍佰万", 5_000_000),
        ("三百五", 350),
        ("一万零五", 10_005),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str, number: int | str) -> None:
    assert read_number(written) == Decimal(number)


@pytest.mark.parametrize(
    "written",
    ["", "万", "k", "abc", "30万元", "500.000", "12,34,567", "1.2.34", "1,2345万", "nan", "inf", "5-6", "--5", "1.2.3"],
)
def test_what_is_no_number_alone_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(written)


@given(st.text(st.sampled_from("0123456789.,-−+×x^*万亿千百十一二两〇w k元²①٣ "), max_size=30))
def test_any_text_is_a_number_or_refused(written: str) -> None:
    try:
        assert read_number(written).is_finite()
    except ValueError as error:
        assert "number" in str(error) or "numeral" in str(error)


def test_numerals_in_a_text_become_digits_where_a_pattern_finds_them() -> None:
    assert with_digits("三年零五个月", "[一二三](?=年)") == "3年零五个月"
