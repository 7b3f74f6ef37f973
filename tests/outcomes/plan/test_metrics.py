"""A metric's verdict is computed, never typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.values import Comparison, Necessity, Requirement
from scenario_hall.outcomes.plan.metrics import MetricVerdict, PlanMetric


@given(
    threshold=st.floats(-1e6, 1e6),
    measured=st.one_of(st.none(), st.floats(-1e6, 1e6)),
    comparison=st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST]),
)
def test_the_verdict_is_computed_from_the_measured_value(
    threshold: float, measured: float | None, comparison: Comparison
) -> None:
    line = PlanMetric(metric="m", comparison=comparison, value=threshold, measured=measured)
    if measured is None:
        assert line.verdict is MetricVerdict.NOT_MEASURED
    else:
        met = measured >= threshold if comparison is Comparison.AT_LEAST else measured <= threshold
        missing = threshold - measured if comparison is Comparison.AT_LEAST else measured - threshold
        near = MetricVerdict.PARTLY if missing <= 0.1 * abs(threshold) else MetricVerdict.NOT_MET
        assert line.verdict is (MetricVerdict.MET if met else near)


@given(ends=st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4), kind=st.sampled_from(list(Comparison)))
def test_a_measured_range_is_met_where_each_of_its_ends_is_and_covers_a_range_that_was_asked_for(
    ends: list[float], kind: Comparison
) -> None:
    (low, high), (bottom, top) = sorted(ends[:2]), sorted(ends[2:])
    is_range = kind is Comparison.BETWEEN
    line = PlanMetric(
        metric="m",
        comparison=kind,
        value=None if kind is Comparison.HAS else low,
        value_high=high if is_range else None,
    )
    verdict = line.with_measured((bottom, top)).verdict
    if is_range and bottom < top:
        assert (verdict is MetricVerdict.MET) == (bottom <= low and high <= top)
    else:
        each = {line.with_measured(end).verdict for end in (bottom, top)}
        assert (verdict is MetricVerdict.MET) == (each == {MetricVerdict.MET})


def test_a_working_temperature_of_one_value_is_no_range_and_a_range_goes_up() -> None:
    line = PlanMetric(metric="工作温度", comparison=Comparison.BETWEEN, value=-10, value_high=50, unit="℃")
    assert line.with_measured((-12, 55)).verdict is MetricVerdict.MET
    assert line.with_measured((-12, 48)).verdict is MetricVerdict.PARTLY
    assert line.with_measured((0, 40)).verdict is MetricVerdict.NOT_MET
    assert line.with_measured((-12, 55)).result == (-12, 55) and line.with_measured(50).result == 50
    for wrong in ((55, -12), (float("nan"), 1)):
        with pytest.raises(ValueError, match="measured"):
            line.with_measured(wrong)


def test_a_line_of_a_plan_takes_over_what_the_scenario_asks_for() -> None:
    asked = Requirement(
        metric="续航", comparison=Comparison.BETWEEN, value=30.0, value_high=45.0, unit="min", necessity=Necessity.MUST
    )
    line = PlanMetric.of(asked)
    assert (line.metric, line.comparison, line.value, line.value_high, line.unit) == (
        "续航",
        Comparison.BETWEEN,
        30.0,
        45.0,
        "min",
    )
    assert line.measured is None and line.verdict is MetricVerdict.NOT_MEASURED
