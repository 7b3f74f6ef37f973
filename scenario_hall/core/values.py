"""Values that several packages share: currencies, comparisons, requirements, specifications."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scenario_hall.core.texts import N_


class Currency(StrEnum):
    """The three currencies of the Greater Bay Area (ISO 4217)."""

    CNY = "CNY"
    HKD = "HKD"
    MOP = "MOP"


class Comparison(StrEnum):
    """How a measured value is held against a required one."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUAL_TO = "equal_to"
    BETWEEN = "between"
    HAS = "has"  # a property that is there or not; it has no number


COMPARISON_NAMES: dict[str, str] = {
    Comparison.AT_LEAST: N_("at least"),
    Comparison.AT_MOST: N_("at most"),
    Comparison.EQUAL_TO: N_("exactly"),
    Comparison.BETWEEN: N_("between"),
    Comparison.HAS: N_("has"),
}


# As signs, in any language.
COMPARISON_SIGNS: dict[str, str] = {
    Comparison.AT_LEAST: "≥",
    Comparison.AT_MOST: "≤",
    Comparison.EQUAL_TO: "=",
    Comparison.BETWEEN: "–",
    Comparison.HAS: "✓",
}


class Necessity(StrEnum):
    MUST = "must"
    SHOULD = "should"


NECESSITY_NAMES: dict[str, str] = {
    Necessity.MUST: N_("must"),
    Necessity.SHOULD: N_("should"),
}


# The bounds of what people write, one place for forms, services, lists and readers.
MAX_TEXT = 10_000  # characters of a text
MAX_LINES = 40  # requirements or specifications of a record
MAX_SUM = 10**15  # whole units of a currency, exclusive
MAX_METRIC = 120  # characters of a metric's name


class Requirement(BaseModel):
    """One measurable line of a scenario: 续航时间 at_least 60 min, must.

    ``BETWEEN`` reads ``value`` and ``value_high``; ``HAS`` needs neither.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    metric: str = Field(min_length=1, max_length=MAX_METRIC)
    comparison: Comparison
    value: float | None = Field(default=None, allow_inf_nan=False)
    value_high: float | None = Field(default=None, allow_inf_nan=False)
    unit: str = Field(default="", max_length=40)
    necessity: Necessity = Necessity.MUST
    note: str = Field(default="", max_length=400)

    @model_validator(mode="after")
    def _numbers_fit_the_comparison(self) -> Requirement:
        if self.comparison is Comparison.HAS:
            if self.value is not None or self.value_high is not None:
                raise ValueError("a property that is there or not has no value")
        elif self.value is None:
            raise ValueError("a comparison needs a value")
        elif self.comparison is Comparison.BETWEEN:
            if self.value_high is None or self.value_high < self.value:
                raise ValueError("a range needs a lower and a higher value")
        elif self.value_high is not None:
            raise ValueError("only a range has a second value")
        return self


class Specification(BaseModel):
    """One measured line of a product: 续航时间 45 min, or 20 to 45 min, or a property without number."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    metric: str = Field(min_length=1, max_length=MAX_METRIC)
    value: float | None = Field(default=None, allow_inf_nan=False)
    value_high: float | None = Field(default=None, allow_inf_nan=False)
    unit: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=400)

    @model_validator(mode="after")
    def _range_goes_up(self) -> Specification:
        if self.value_high is not None and (self.value is None or self.value_high < self.value):
            raise ValueError("a range needs a lower and a higher value")
        return self
