"""The way of an outcome record: planned → running → reported → confirmed → approved / returned / rejected."""

from __future__ import annotations

from scenario_hall.core.policy import Permissions
from scenario_hall.core.workflow import Step, Workflow

PLANNED, RUNNING, REPORTED, CONFIRMED = "planned", "running", "reported", "confirmed"
APPROVED, RETURNED, REJECTED, FAILED, REVOKED = "approved", "returned", "rejected", "failed", "revoked"

EITHER_SIDE = ("supplier_editor", "demand_editor")
# Whoever did not report confirms; the record's parties name the two by their part in the report.
OTHER_SIDE = ("other_editor",)
REPORTER = ("reporter_editor",)

WORKFLOW = Workflow(
    "outcome",
    PLANNED,
    (
        Step(PLANNED, "start", EITHER_SIDE, RUNNING, "outcome.started"),
        Step(PLANNED, "abandon", EITHER_SIDE, FAILED, "outcome.failed", needs_reason=True),
        Step(RUNNING, "report", EITHER_SIDE, REPORTED, "outcome.reported"),
        Step(RUNNING, "fail", EITHER_SIDE, FAILED, "outcome.failed", needs_reason=True),
        Step(REPORTED, "confirm", OTHER_SIDE, CONFIRMED, "outcome.confirmed"),
        Step(REPORTED, "object", OTHER_SIDE, RUNNING, "outcome.objected", needs_reason=True),
        Step(CONFIRMED, "approve", ("neutral_administrator",), APPROVED, "outcome.approved"),
        Step(CONFIRMED, "return", ("neutral_administrator",), RETURNED, "outcome.returned", needs_reason=True),
        Step(CONFIRMED, "reject", ("neutral_administrator",), REJECTED, "outcome.rejected", needs_reason=True),
        Step(RETURNED, "report", REPORTER, REPORTED, "outcome.reported"),
        Step(APPROVED, "revoke", ("neutral_administrator",), REVOKED, "outcome.revoked", needs_reason=True),
    ),
)

# Only what an administrator has approved is public; a revoked one stays so, with the reason.
PUBLIC = frozenset({APPROVED, REVOKED})

PERMISSIONS: Permissions = {
    "view": ("public", "supplier_member", "demand_member", "administrator"),
    "view_private": ("supplier_member", "demand_member", "administrator"),
    "view_files": ("supplier_member", "demand_member", "administrator"),
    "add_evidence": EITHER_SIDE,
}
