"""What a plan needs before it can be written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from scenario_hall.core.errors import Invalid
from scenario_hall.core.lines import line_faults
from scenario_hall.core.texts import N_
from scenario_hall.core.values import MAX_LINES
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.models import PERSONS


def check_plan(
    place: str,
    starts_on: date | None,
    ends_on: date | None,
    metrics: Sequence[PlanMetric],
    terms: Mapping[str, str],
) -> None:
    """Raise Invalid with what a plan lacks."""
    faults = {}
    if not place.strip():
        faults["place"] = N_("Enter where it takes place.")
    if starts_on is None:
        faults["starts_on"] = N_("Enter the first day.")
    if ends_on is None:
        faults["ends_on"] = N_("Enter the last day.")
    elif starts_on is not None and ends_on < starts_on:
        faults["ends_on"] = N_("The last day is before the first.")
    if not metrics:
        faults["metrics"] = N_("A plan needs at least one metric with a threshold.")
    elif len(metrics) > MAX_LINES:
        faults["metrics"] = N_("Please enter at most 40 lines.")
    faults |= line_faults({"place": place, "metrics": (text for line in metrics for text in line.texts())})
    faults |= line_faults({name: terms.get(name, "") for name in PERSONS}, are_names=True)
    if faults:
        raise Invalid(faults)
