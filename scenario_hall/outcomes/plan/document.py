"""The canonical form of a plan, which both sides sign, and its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_hall.core.canonical import fingerprint
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.metrics import RESULT_FIELDS

SIDES = ("supplier", "demand")


def plan_document(outcome: Outcome) -> dict[str, Any]:
    """The plan as it is signed; what was measured is no part of it. An amended plan names the one before it."""
    document: dict[str, Any] = {
        "outcome": outcome.code,
        "kind": outcome.kind,
        "application": outcome.application.code,
        "scenario": outcome.scenario.code,
        "product": outcome.product.code,
        "product_version": outcome.product_revision.number,
        "place": outcome.place,
        "starts_on": outcome.starts_on.isoformat() if outcome.starts_on else None,
        "ends_on": outcome.ends_on.isoformat() if outcome.ends_on else None,
        "metrics": [line.model_dump(mode="json", exclude=RESULT_FIELDS) for line in outcome.metric_lines],
        "terms": dict(sorted(outcome.plan_terms.items())),
    }
    if outcome.platform_id is not None:
        document["platform"] = {"organization": outcome.platform_id, "role": outcome.platform_role}
    return {**document, "amends": outcome.amends} if outcome.amends else document


def hash_of_plan(outcome: Outcome) -> str:
    """SHA-256 of the plan's canonical form, 64 hexadecimal digits."""
    return hash_of_document(plan_document(outcome))


def hash_of_document(document: Mapping[str, Any]) -> str:
    """SHA-256 of a plan document's canonical form, 64 hexadecimal digits."""
    return fingerprint(document)
