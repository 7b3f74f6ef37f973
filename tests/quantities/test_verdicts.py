"""Requirements held against specifications."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.values import Comparison, Requirement, Specification
from scenario_hall.quantities.like_measures import same_metric
from scenario_hall.quantities.verdicts import Verdict, judge


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


def test_what_only_shares_a_common_head_is_not_the_same_measure() -> None:
    assert not same_metric("单箱配料时间", "s", "续航时间", "min")
    assert same_metric("单次打磨时间", "s", "打磨时间", "s")


@pytest.mark.parametrize(
    ("comparison", "offered", "verdict"),
    [
        ("at_least", 100, "met"),
        ("at_least", 90, "near"),  # a tenth below
        ("at_least", 89, "unmet"),
        ("at_least", 75, "unmet"),
        ("at_most", 100, "met"),
        ("at_most", 110, "near"),
        ("at_most", 111, "unmet"),
        ("at_most", 125, "unmet"),
    ],
)
def test_what_lacks_a_tenth_is_nearly_met_and_what_lacks_more_is_not(
    comparison: str, offered: float, verdict: str
) -> None:
    specification = Specification(metric="续航", value=offered, unit="min")
    assert judge(wanted(comparison, 100, "min"), [specification]).verdict == verdict
