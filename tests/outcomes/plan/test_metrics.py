"""A metric's verdict is computed, never typed."""

from __future__ import annotations

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
