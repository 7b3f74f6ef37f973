"""What an amendment changes in a plan, in the reader's words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from scenario_hall.core.values import Requirement
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.models import PLAN_TERMS, PlanAmendment
from scenario_hall.web.kit.language import named, requirement_text


def changes_of(amendment: PlanAmendment) -> list[tuple[str, list[str], list[str]]]:
    """What is different, field by field: its name, what it was, what it becomes."""
    fields = [("place", _("Place")), ("starts_on", _("First day")), ("ends_on", _("Last day"))]
    rows = [(label, [amendment.before[field] or ""], [amendment.after[field] or ""]) for field, label in fields]
    rows += [
        (named(f"term.{name}"), [amendment.before["terms"].get(name, "")], [amendment.after["terms"].get(name, "")])
        for name in PLAN_TERMS
    ]
    rows.append((_("Metrics with thresholds"), _metrics(amendment.before), _metrics(amendment.after)))
    return [row for row in rows if row[1] != row[2]]


def _metrics(document: dict[str, Any]) -> list[str]:
    lines = (PlanMetric.model_validate(line) for line in document["metrics"])
    return [f"{line.metric} {requirement_text(Requirement.model_validate(_asked(line)))}" for line in lines]


def _asked(line: PlanMetric) -> dict[str, Any]:
    return {**line.model_dump(include={"metric", "comparison", "value", "value_high", "unit"}), "necessity": "must"}
