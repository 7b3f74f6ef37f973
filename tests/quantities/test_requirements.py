"""Requirements against specifications, and quantities read from prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.quantities.requirements import (
    Verdict,
    judge,
    read_requirements,
    read_specifications,
    requirements_wanted,
    same_metric,
    suggested_requirements,
)


def wanted(
    comparison: str, value: float, unit: str, high: float | None = None, metric: str = "续航时间"
) -> Requirement:
    return Requirement(metric=metric, comparison=Comparison(comparison), value=value, value_high=high, unit=unit)


@pytest.mark.parametrize(
    ("requirement", "specification", "verdict"),
    [
        (wanted("at_least", 60, "分钟"), Specification(metric="续航", value=1.2, unit="h"), "met"),
        (wanted("at_least", 60, "分钟"), Specification(metric="flight time", value=55, unit="min"), "near"),
        (wanted("at_least", 60, "分钟"), Specification(metric="续航", value=30, unit="min"), "unmet"),
        (wanted("at_least", 60, "分钟"), Specification(metric="载重", value=30, unit="kg"), "unknown"),
        (wanted("at_least", 60, "分钟"), Specification(metric="续航", value=30, unit="km"), "unknown"),
        (wanted("at_most", 2, "cm", metric="定位精度"), Specification(metric="定位精度", value=15, unit="mm"), "met"),
        (
            wanted("between", -20, "℃", 50, "工作温度"),
            Specification(metric="工作温度", value=-30, value_high=55, unit="℃"),
            "met",
        ),
        (
            wanted("between", -20, "℃", 50, "工作温度"),
            Specification(metric="工作温度", value=0, value_high=40, unit="℃"),
            "unmet",
        ),
    ],
)
def test_verdicts_convert_units_and_never_guess(
    requirement: Requirement, specification: Specification, verdict: str
) -> None:
    assert judge(requirement, [specification]).verdict == verdict


def test_what_is_not_stated_is_unknown() -> None:
    assert judge(wanted("at_least", 60, "分钟"), []).verdict is Verdict.UNKNOWN


@given(st.floats(1, 1e5), st.floats(0.1, 1e6))
def test_more_is_never_worse_for_an_at_least(threshold: float, offered: float) -> None:
    order = [Verdict.UNMET, Verdict.NEAR, Verdict.MET]
    requirement = wanted("at_least", threshold, "min")
    less = judge(requirement, [Specification(metric="续航", value=offered, unit="min")]).verdict
    more = judge(requirement, [Specification(metric="续航", value=offered * 1.5, unit="min")]).verdict
    assert order.index(more) >= order.index(less)


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "value", "high", "unit"),
    [
        ("续航时间不少于60分钟", "续航时间", "at_least", 60, None, "分钟"),
        ("载重≥5kg", "载重", "at_least", 5, None, "kg"),
        ("抗风能力6级以上", "抗风能力", "at_least", 6, None, "级"),
        ("定位精度优于±2cm", "定位精度", "at_most", 2, None, "cm"),
        ("工作温度-20℃~50℃", "工作温度", "between", -20, 50, "℃"),
        ("响应时间在200ms以内", "响应时间", "at_most", 200, None, "ms"),
        ("单日配送不低于300架次", "单日配送", "at_least", 300, None, "架次/日"),
        ("payload of at least 5 kg", "payload", "at_least", 5, None, "kg"),
        ("飞行高度三千米以上", "飞行高度", "at_least", 3000, None, "米"),
        ("防护等级IP67", "防护等级", "at_least", 67, None, "IP"),
        ("測距誤差不超過10厘米", "測距誤差", "at_most", 10, None, "厘米"),
    ],
)
def test_quantities_are_read_from_prose(
    text: str, metric: str, comparison: str, value: float, high: float | None, unit: str
) -> None:
    (line,) = read_requirements(text)
    assert (line.metric, line.comparison, line.value, line.value_high, line.unit) == (
        metric,
        comparison,
        value,
        high,
        unit,
    )


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_requirements(text)
    read_specifications(text)


def test_how_things_are_now_is_not_wanted() -> None:
    found = requirements_wanted("续航不少于60分钟,载重5公斤以上。", "Crews take 3 days; 一趟4小时。")
    assert [line.metric for line in found] == ["续航", "载重"]
    also = requirements_wanted("续航不少于60分钟。", "一趟4小时。希望抗风能力6级以上。")
    assert [line.metric for line in also] == ["续航", "抗风能力"]


def test_a_suggestion_names_the_words_that_it_was_read_from() -> None:
    found = suggested_requirements("需昼夜值守。单架次续航不少于40分钟,夜间噪声低于65分贝。", "")
    assert [(line.metric, part) for line, part in found] == [
        ("单架次续航", "单架次续航不少于40分钟"),
        ("夜间噪声", "夜间噪声低于65分贝"),
    ]


def test_what_only_shares_a_common_head_is_not_the_same_measure() -> None:
    assert not same_metric("单箱配料时间", "s", "续航时间", "min")
    assert same_metric("单次打磨时间", "s", "打磨时间", "s")
