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
        ("RMB 300w", 3_000_000, 3_000_000, CNY),
        ("300-500w", 3_000_000, 5_000_000, CNY),
        ("50 mil patacas", 50_000, 50_000, MOP),
        ("HK$20mil", 20_000, 20_000, HKD),
        ("2,5 milhões de patacas", 2_500_000, 2_500_000, MOP),
        ("MOP 1.2 mil milhões", 1_200_000_000, 1_200_000_000, MOP),
        ("até 500 mil patacas", None, 500_000, MOP),
        ("entre 3 e 5 milhões de patacas", 3_000_000, 5_000_000, MOP),
        ("1.500.000,00 patacas", 1_500_000, 1_500_000, MOP),
        ("HK$3.5bn", 3_500_000_000, 3_500_000_000, HKD),
        ("between HK$1 and HK$2 million", 1_000_000, 2_000_000, HKD),
        ("1'200'000元", 1_200_000, 1_200_000, CNY),
        ("RMB 1 200 000", 1_200_000, 1_200_000, CNY),
        ("人民币1,200,000.00元", 1_200_000, 1_200_000, CNY),
        ("¥3.0E+06", 3_000_000, 3_000_000, CNY),
        ("伍佰万元整", 5_000_000, 5_000_000, CNY),
        ("人民币叁佰贰拾万元整（¥3,200,000）", 3_200_000, 3_200_000, CNY),
        ("三百万", 3_000_000, 3_000_000, CNY),
        ("300余万元", 3_000_000, 3_000_000, CNY),
        ("300多萬", 3_000_000, 3_000_000, CNY),
        ("1.5个亿", 150_000_000, 150_000_000, CNY),
        ("半亿元", 50_000_000, 50_000_000, CNY),
        ("约半个亿", 50_000_000, 50_000_000, CNY),
        ("1个亿", 100_000_000, 100_000_000, CNY),
        ("two million yuan", 2_000_000, 2_000_000, CNY),
        ("twenty-five thousand yuan", 25_000, 25_000, CNY),
        ("two hundred and fifty thousand Hong Kong dollars", 250_000, 250_000, Currency.HKD),
        ("HK$ half a million", 500_000, 500_000, Currency.HKD),
        ("HK$ a million", 1_000_000, 1_000_000, Currency.HKD),
        ("duzentas mil patacas", 200_000, 200_000, Currency.MOP),
        ("dois milhões de patacas", 2_000_000, 2_000_000, Currency.MOP),
        ("vinte e cinco mil patacas", 25_000, 25_000, Currency.MOP),
        ("meio milhão de patacas", 500_000, 500_000, Currency.MOP),
        ("一亿二千万", 120_000_000, 120_000_000, CNY),
        ("1.255万元", 12_550, 12_550, CNY),
        ("五十到八十万元", 500_000, 800_000, CNY),
        ("三至五百万元", 3_000_000, 5_000_000, CNY),
        ("8000-1万元", 8_000, 10_000, CNY),
        ("贰拾伍万叁仟元整", 253_000, 253_000, CNY),
        ("三万五千元", 35_000, 35_000, CNY),
        ("三点五万元", 35_000, 35_000, CNY),
        ("十二点零五亿元", 1_205_000_000, 1_205_000_000, CNY),
        ("1 milhão e 500 mil patacas", 1_500_000, 1_500_000, MOP),
        ("2 mil e 500 patacas", 2_500, 2_500, MOP),
        ("1千2百万", 12_000_000, 12_000_000, CNY),
        ("一千二百亿元", 120_000_000_000, 120_000_000_000, CNY),
        ("12万3千元", 123_000, 123_000, CNY),
        ("entre 50 mil e 80 mil patacas", 50_000, 80_000, MOP),
        ("100万+", 1_000_000, None, CNY),
        ("近300万元", 3_000_000, 3_000_000, CNY),
        ("100-200（万元）", 1_000_000, 2_000_000, CNY),
        ("500万元±10%", 4_500_000, 5_500_000, CNY),
        ("500±50万元", 4_500_000, 5_500_000, CNY),
        ("不少于300万，不超过500万元", 3_000_000, 5_000_000, CNY),
        ("约300万元/套", 3_000_000, 3_000_000, CNY),
        ("5万元每台", 50_000, 50_000, CNY),
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
        ("几百万", faults.NO_SUM),
        ("500万和300万元", faults.SEVERAL_SUMS),
        ("HK$5m and HK$3m", faults.SEVERAL_SUMS),
        ("数百万元", faults.NO_SUM),
        ("三五百万元", faults.NO_SUM),
        ("300 xyz", faults.NOT_UNDERSTOOD),
        ("300万元的尾款按进度支付", faults.NOT_UNDERSTOOD),
        ("99.6元", faults.NOT_WHOLE),
        ("1,234,567.89元", faults.NOT_WHOLE),
        ("12,34,567元", faults.SEVERAL_SUMS),
        ("#N/A", faults.NO_SUM),
        ("R$ 50 mil", faults.OTHER_CURRENCY),
        ("sob consulta", faults.NOT_STATED),
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


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("MOP 500.000", "500", "500,000"),
        ("1,500 patacas", "1.5", "1,500"),
        ("1.255 milhões de patacas", "1,255,000", "1,255,000,000"),
        ("三至五十万元", "30,000", "300,000"),
        ("3万5", "30,005", "35,000"),
    ],
)
def test_what_can_be_read_in_two_ways_is_told_with_both(text, one, other):
    found = parse_sum(text)
    assert isinstance(found, Fault) and found.reason == faults.TWO_READINGS
    assert found.value == f"{text} ({one} / {other})"


@settings(max_examples=300)
@given(
    st.integers(1, 10**9),
    st.sampled_from(
        ["", " ", "w", "k", "mil", " mil", "万", "万元", "xyz", "million", " mn", "百万", "q", " foo", "元"]
    ),
    st.sampled_from(["RMB ", "HK$", "MOP ", ""]),
)
def test_no_number_loses_a_digit(number, behind, before):
    found = parse_sum(f"{before}{number}{behind}", is_plain=True)
    if isinstance(found, SumRange):
        scale = {
            "w": 10**4,
            "k": 1000,
            "mil": 1000,
            "万": 10**4,
            "万元": 10**4,
            "million": 10**6,
            "mn": 10**6,
            "百万": 10**6,
        }
        assert found.low == number * scale.get(behind.strip(), 1)
    else:
        assert behind.strip() in ("xyz", "q", "foo") or found.reason == faults.BAD_SUM
