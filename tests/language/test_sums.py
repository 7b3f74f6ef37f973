import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.core.values import Currency
from scenario_hall.language import faults
from scenario_hall.language.faults import Fault
from scenario_hall.language.sums import SumRange, factor_in, parse_currency, parse_sum

CNY, HKD, MOP = Currency.CNY, Currency.HKD, Currency.MOP


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("约300万元", 3_000_000, 3_000_000, CNY),
        ("50-80万元", 500_000, 800_000, CNY),
        ("80~120万元", 800_000, 1_200_000, CNY),
        ("500万-1000万", 5_000_000, 10_000_000, CNY),
        ("０．８亿元（含基础设施）", 80_000_000, 80_000_000, CNY),
        ("1亿2000万元", 120_000_000, 120_000_000, CNY),
        ("三百万元", 3_000_000, 3_000_000, CNY),
        ("1,200万元", 12_000_000, 12_000_000, CNY),
        ("2百萬元", 2_000_000, 2_000_000, CNY),
        ("不超过50万元", None, 500_000, CNY),
        ("300万元以上", 3_000_000, None, CNY),
        ("RMB 300k", 300_000, 300_000, CNY),
        ("HK$1.2M", 1_200_000, 1_200_000, HKD),
        ("HK$850,000", 850_000, 850_000, HKD),
        ("HK$1M - HK$2M", 1_000_000, 2_000_000, HKD),
        ("港幣80萬元", 800_000, 800_000, HKD),
        ("MOP 1.5 million", 1_500_000, 1_500_000, MOP),
        ("3万元/台", 30_000, 30_000, CNY),
    ],
)
def test_a_sum_is_read_as_people_write_it(text, low, high, currency):
    assert parse_sum(text) == SumRange(low, high, currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("待定", faults.NOT_STATED),
        ("面議", faults.NOT_STATED),
        ("TBC", faults.NOT_STATED),
        ("300", faults.SUM_WITHOUT_UNIT),
        ("US$5m", faults.OTHER_CURRENCY),
        ("$500,000", faults.WHICH_DOLLAR),
        ("-5万元", faults.BAD_SUM),
        ("80-50万元", faults.BAD_SUM),
        ("200元/小时", faults.RATE_NOT_SUM),
        ("总投资500万元，其中一期300万元", faults.SEVERAL_SUMS),
        ("按实际发生", faults.NO_SUM),
    ],
)
def test_what_is_no_sum_is_told_and_never_guessed(text, reason):
    assert parse_sum(text) == Fault(reason, text)


def test_an_empty_cell_is_no_sum_and_no_fault():
    assert parse_sum("  ") is None


def test_the_header_says_currency_and_unit_where_the_cell_does_not():
    assert factor_in("投资规模（万元）") == 10_000
    assert factor_in("預算(港幣)") is None
    assert parse_sum("300", factor=10_000) == SumRange(3_000_000, 3_000_000, CNY)
    assert parse_sum("$500,000", currency=HKD) == SumRange(500_000, 500_000, HKD)
    assert parse_sum("人民币5万元", currency=HKD) == SumRange(50_000, 50_000, CNY)


def test_a_column_of_whole_units_needs_no_unit():
    assert parse_sum("300", is_plain=True) == SumRange(300, 300, CNY)


def test_a_currency_cell_is_a_code_or_a_name():
    assert parse_currency("") is CNY
    assert parse_currency("hkd") is HKD
    assert parse_currency("澳門元") is MOP
    assert isinstance(parse_currency("EUR"), Fault)


@settings(max_examples=150)
@given(st.integers(0, 10**14), st.sampled_from(list(Currency)))
def test_a_written_sum_reads_back(amount, currency):
    assert parse_sum(f"{currency} {amount:,}", is_plain=True) == SumRange(amount, amount, currency)


@settings(max_examples=200)
@given(st.text(alphabet="0123456789.,-~万亿元约 HK$人民币/至()以上<", max_size=20))
def test_no_text_breaks_the_reading_and_a_range_never_goes_down(text):
    found = parse_sum(text)
    if isinstance(found, SumRange) and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high
