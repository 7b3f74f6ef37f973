"""The way of an organisation: registered → verified / returned / rejected; verified → suspended → verified."""

from __future__ import annotations

from scenario_hall.core.policy import Permissions
from scenario_hall.core.workflow import Step, Workflow

REGISTERED, RETURNED, VERIFIED, REJECTED, SUSPENDED = "registered", "returned", "verified", "rejected", "suspended"

WORKFLOW = Workflow(
    "organization",
    REGISTERED,
    (
        Step(REGISTERED, "verify", ("neutral_administrator",), VERIFIED, "organization.verified"),
        Step(REGISTERED, "return", ("neutral_administrator",), RETURNED, "organization.returned", needs_reason=True),
        Step(REGISTERED, "reject", ("neutral_administrator",), REJECTED, "organization.rejected", needs_reason=True),
        Step(RETURNED, "resubmit", ("self_owner",), REGISTERED, "organization.resubmitted"),
        Step(VERIFIED, "suspend", ("neutral_administrator",), SUSPENDED, "organization.suspended", needs_reason=True),
        Step(SUSPENDED, "reinstate", ("neutral_administrator",), VERIFIED, "organization.reinstated"),
    ),
)

PERMISSIONS: Permissions = {
    "view": ("public", "self_member", "administrator"),
    "view_private": ("self_member", "administrator"),
    "edit": ("self_owner",),
    "view_files": ("self_member", "administrator"),
    "manage_members": ("self_owner",),
    "draft": ("self_editor",),
    "recognise": ("neutral_administrator",),
}
