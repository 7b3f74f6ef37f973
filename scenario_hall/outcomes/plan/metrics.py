"""The metrics of a plan: a threshold, what was measured, and the verdict computed from both."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as ValueField

from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison, Requirement

# How far a measured value may miss its threshold and count as partly met: a tenth of the threshold.
PARTLY_MARGIN = 0.10
# What a line says of the results: no part of the plan that is signed.
RESULT_FIELDS = {"measured", "measured_high", "note"}

# One value, both ends of a range over which it was measured, or nothing.
Measured = float | tuple[float, float] | None


class MetricVerdict(StrEnum):
    MET = "met"
    PARTLY = "partly_met"
    NOT_MET = "not_met"
    NOT_MEASURED = "not_measured"


METRIC_VERDICT_NAMES: dict[str, str] = {
    MetricVerdict.MET: N_("met"),
    MetricVerdict.PARTLY: N_("partly met"),
    MetricVerdict.NOT_MET: N_("not met"),
    MetricVerdict.NOT_MEASURED: N_("not measured"),
}


class PlanMetric(BaseModel):
    """One line of the plan with its threshold, and what was measured, in the same unit."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    metric: str = ValueField(min_length=1, max_length=120)
    comparison: Comparison
    value: float | None = ValueField(default=None, allow_inf_nan=False)
    value_high: float | None = ValueField(default=None, allow_inf_nan=False)
    unit: str = ValueField(default="", max_length=40)
    baseline: float | None = ValueField(default=None, allow_inf_nan=False)
    method: str = ValueField(default="", max_length=400)
    sample: str = ValueField(default="", max_length=200)
    measured: float | None = ValueField(default=None, allow_inf_nan=False)
    measured_high: float | None = ValueField(default=None, allow_inf_nan=False)
    note: str = ValueField(default="", max_length=400)

    @model_validator(mode="after")
    def _range_goes_up(self) -> PlanMetric:
        if self.measured_high is not None and (self.measured is None or self.measured_high < self.measured):
            raise ValueError("a measured range needs a lower and a higher value")
        return self

    def texts(self) -> tuple[str, ...]:
        """What people wrote in it, each on one line."""
        return (self.metric, self.unit, self.method, self.sample, self.note)

    @property
    def verdict(self) -> MetricVerdict:
        """Computed from the measured value, never typed. A property (HAS) counts 1 for there, 0 for not. A measured
        range has to cover a range that was asked for (working temperature −10 to 50 ℃), as in
        ``quantities/verdicts.py``; against any other threshold its worse end counts."""
        if self.measured is None:
            return MetricVerdict.NOT_MEASURED
        low = 1.0 if self.comparison is Comparison.HAS else self.value
        if low is None:
            return MetricVerdict.NOT_MEASURED
        high = self.value_high if self.value_high is not None else low
        bottom = self.measured
        top = self.measured_high if self.measured_high is not None else bottom
        covers, lies_within = max(bottom - low, high - top), max(low - bottom, top - high)
        missing = {
            Comparison.AT_LEAST: low - bottom,
            Comparison.AT_MOST: top - low,
            Comparison.EQUAL_TO: max(abs(bottom - low), abs(top - low)),
            Comparison.BETWEEN: covers if top > bottom else lies_within,
            Comparison.HAS: low - bottom,
        }[self.comparison]
        if missing <= 0:
            return MetricVerdict.MET
        is_near = self.comparison is not Comparison.HAS and missing <= PARTLY_MARGIN * max(abs(low), abs(high))
        return MetricVerdict.PARTLY if is_near else MetricVerdict.NOT_MET

    def with_measured(self, value: Measured) -> PlanMetric:
        """The line with what was measured. Raises ValueError where that is no number or no range."""
        low, high = value if isinstance(value, tuple) else (value, None)
        return PlanMetric.model_validate({**self.model_dump(), "measured": low, "measured_high": high})

    @property
    def result(self) -> Measured:
        """What was measured, as ``with_measured`` takes it."""
        if self.measured is not None and self.measured_high is not None:
            return (self.measured, self.measured_high)
        return self.measured

    @classmethod
    def of(cls, requirement: Requirement) -> PlanMetric:
        """A plan's line from a scenario's requirement."""
        return cls.model_validate(requirement.model_dump())
