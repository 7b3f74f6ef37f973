"""The lifecycle of an application: submitted → shortlisted → accepted / declined; withdrawn while open, and after a
change of the scenario's substance also when accepted. It is renewed when the supplier confirms it for such a change."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

SUBMITTED, SHORTLISTED, ACCEPTED = "submitted", "shortlisted", "accepted"
DECLINED, WITHDRAWN = "declined", "withdrawn"

LIFECYCLE = Lifecycle(
    "application",
    SUBMITTED,
    (
        Transition(SUBMITTED, "shortlist", ("demand_editor",), SHORTLISTED, "application.shortlisted"),
        Transition(SUBMITTED, "accept", ("demand_editor",), ACCEPTED, "application.accepted"),
        Transition(SHORTLISTED, "accept", ("demand_editor",), ACCEPTED, "application.accepted"),
        Transition(SUBMITTED, "decline", ("demand_editor",), DECLINED, "application.declined", needs_reason=True),
        Transition(SHORTLISTED, "decline", ("demand_editor",), DECLINED, "application.declined", needs_reason=True),
        Transition(SUBMITTED, "withdraw", ("supplier_editor",), WITHDRAWN, "application.withdrawn"),
        Transition(SHORTLISTED, "withdraw", ("supplier_editor",), WITHDRAWN, "application.withdrawn"),
        # Only while it answers an older scenario and no plan is signed (``outcomes/plan/withdrawal.py``).
        Transition(ACCEPTED, "withdraw", ("supplier_editor",), WITHDRAWN, "application.withdrawn"),
        Transition(SUBMITTED, "renew", ("supplier_editor",), SUBMITTED, "application.renewed"),
        Transition(SHORTLISTED, "renew", ("supplier_editor",), SHORTLISTED, "application.renewed"),
        Transition(ACCEPTED, "renew", ("supplier_editor",), ACCEPTED, "application.renewed"),
    ),
)

STATE_NAMES: dict[str, str] = {
    SUBMITTED: N_("Submitted"),
    SHORTLISTED: N_("Shortlisted"),
    ACCEPTED: N_("Accepted"),
    DECLINED: N_("Declined"),
    WITHDRAWN: N_("Withdrawn"),
}

ACTION_NAMES: dict[str, str] = {
    "shortlist": N_("Shortlist"),
    "accept": N_("Accept"),
    "decline": N_("Decline with feedback"),
    "withdraw": N_("Withdraw"),
    "renew": N_("Confirm for the changed scenario"),
}

DONE: dict[str, str] = {
    "shortlist": N_("Shortlisted. The supplier has been notified."),
    "accept": N_("Accepted. Next: plan the first trial or first use together."),
    "decline": N_("Declined. The supplier can read your feedback."),
    "withdraw": N_("Withdrawn."),
    "renew": N_("Confirmed: your application stands for the scenario as it is now."),
}

OPEN = frozenset({SUBMITTED, SHORTLISTED})
# A supplier may apply again with a product only when none of these stands for the scenario.
STANDING = frozenset({SUBMITTED, SHORTLISTED, ACCEPTED})

PERMISSIONS: Permissions = {
    "view": ("supplier_member", "demand_member", "administrator"),
    "view_files": ("supplier_member", "demand_member", "administrator"),
    "attach": ("supplier_editor",),
    "offer": ("supplier_editor",),
    "plan": ("supplier_editor", "demand_editor"),
    # Viewers of the owner judge, so they write to no supplier. Administrators read while a claim is under review.
    "write": ("supplier_editor", "demand_editor"),
    "view_messages": ("supplier_member", "demand_member"),
    "review_messages": ("neutral_administrator",),
    "ask": ("demand_editor",),
    "answer": ("supplier_editor",),
    "judge": ("demand_alone",),
    "view_judging": ("demand_member", "administrator"),
    "view_scores": ("demand_alone", "neutral_administrator"),
}
