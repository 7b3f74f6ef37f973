"""The lifecycle of an organisation: registered → verified / returned / rejected; verified → suspended → verified."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

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

STATE_NAMES: dict[str, str] = {
    REGISTERED: N_("Awaiting verification"),
    VERIFIED: N_("Verified"),
    RETURNED: N_("Returned"),
    REJECTED: N_("Rejected"),
    SUSPENDED: N_("Suspended"),
}

ACTION_NAMES: dict[str, str] = {
    "verify": N_("Verify"),
    "return": N_("Return with reasons"),
    "reject": N_("Reject"),
    "resubmit": N_("Submit again"),
    "suspend": N_("Suspend"),
    "reinstate": N_("Reinstate"),
}

DONE: dict[str, str] = {
    "verify": N_("Verified. Its members have been notified by e-mail."),
    "return": N_("Returned with your reasons. Its members have been notified by e-mail."),
    "reject": N_("Rejected. Its members have been notified by e-mail."),
    "resubmit": N_("Submitted again. An administrator will review it next."),
    "suspend": N_("Suspended: none of its content is public now. Its members have been notified by e-mail."),
    "reinstate": N_("Reinstated: its content is public again."),
}

PERMISSIONS: Permissions = {
    "view": ("public", "self_member", "administrator"),
    "view_private": ("self_member", "administrator"),
    "edit": ("self_owner",),
    "view_files": ("self_member", "administrator"),
    "manage_members": ("self_owner",),
    "draft": ("self_editor",),
    "check_facts": ("neutral_administrator",),
    "recognise": ("neutral_administrator",),
}
