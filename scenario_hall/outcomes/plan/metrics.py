"""The metrics of a plan: a threshold, what was measured, and the verdict computed from both."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField

from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison, Requirement

# How far a measured value may miss its threshold and count as partly met: a tenth of the threshold.
PARTLY_MARGIN = 0.10


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
    note: str = ValueField(default="", max_length=400)

    def texts(self) -> tuple[str, ...]:
        """What people wrote in it, each on one line."""
        return (self.metric, self.unit, self.method, self.sample, self.note)

    @property
    def verdict(self) -> MetricVerdict:
        """Computed from the measured value, never typed. A property (HAS) counts 1 for there, 0 for not."""
        if self.measured is None:
            return MetricVerdict.NOT_MEASURED
        low = 1.0 if self.comparison is Comparison.HAS else self.value
        if low is None:
            return MetricVerdict.NOT_MEASURED
        high = self.value_high if self.value_high is not None else low
        missing = {
            Comparison.AT_LEAST: low - self.measured,
            Comparison.AT_MOST: self.measured - low,
            Comparison.EQUAL_TO: abs(self.measured - low),
            Comparison.BETWEEN: max(low - self.measured, self.measured - high),
            Comparison.HAS: low - self.measured,
        }[self.comparison]
        if missing <= 0:
            return MetricVerdict.MET
        is_near = self.comparison is not Comparison.HAS and missing <= PARTLY_MARGIN * max(abs(low), abs(high))
        return MetricVerdict.PARTLY if is_near else MetricVerdict.NOT_MET

    @classmethod
    def of(cls, requirement: Requirement) -> PlanMetric:
        """A plan's line from a scenario's requirement."""
        return cls.model_validate(requirement.model_dump())
