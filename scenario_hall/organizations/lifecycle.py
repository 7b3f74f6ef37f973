"""The lifecycle of an organisation: registered → verified / returned / rejected; verified → suspended → verified."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions

REGISTERED, RETURNED, VERIFIED, REJECTED, SUSPENDED = "registered", "returned", "verified", "rejected", "suspended"

LIFECYCLE = Lifecycle(
    "organization",
    REGISTERED,
    (
        Transition(REGISTERED, "verify", ("neutral_administrator",), VERIFIED, "organization.verified"),
        Transition(
            REGISTERED, "return", ("neutral_administrator",), RETURNED, "organization.returned", needs_reason=True
        ),
        Transition(
            REGISTERED, "reject", ("neutral_administrator",), REJECTED, "organization.rejected", needs_reason=True
        ),
        Transition(RETURNED, "resubmit", ("self_owner",), REGISTERED, "organization.resubmitted"),
        Transition(
            VERIFIED, "suspend", ("neutral_administrator",), SUSPENDED, "organization.suspended", needs_reason=True
        ),
        Transition(SUSPENDED, "reinstate", ("neutral_administrator",), VERIFIED, "organization.reinstated"),
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
