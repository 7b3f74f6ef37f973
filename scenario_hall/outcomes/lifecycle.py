"""The lifecycle of an outcome record.

planned → signed (both sides) → running → reported → confirmed → claimed → on public notice → approved; back from review
as returned, once; out of it as rejected; failed at any time before the report; an approval can be revoked.
"""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

PLANNED, SIGNED, RUNNING, REPORTED, CONFIRMED = "planned", "signed", "running", "reported", "confirmed"
CLAIMED, NOTICE, APPROVED, RETURNED = "claimed", "on_notice", "approved", "returned"
REJECTED, FAILED, REVOKED = "rejected", "failed", "revoked"

EITHER_SIDE = ("supplier_editor", "demand_editor")
# Whoever did not report confirms; the record's parties name the two by their part in the report.
OTHER_SIDE = ("other_editor",)
SUPPLIER = ("supplier_editor",)
NEUTRAL = ("neutral_administrator",)

LIFECYCLE = Lifecycle(
    "outcome",
    PLANNED,
    (
        Transition(PLANNED, "sign", EITHER_SIDE, SIGNED, "outcome.plan_signed"),
        Transition(PLANNED, "abandon", EITHER_SIDE, FAILED, "outcome.failed", needs_reason=True),
        Transition(SIGNED, "start", EITHER_SIDE, RUNNING, "outcome.started"),
        Transition(SIGNED, "abandon", EITHER_SIDE, FAILED, "outcome.failed", needs_reason=True),
        Transition(RUNNING, "report", EITHER_SIDE, REPORTED, "outcome.reported"),
        Transition(RUNNING, "fail", EITHER_SIDE, FAILED, "outcome.failed", needs_reason=True),
        Transition(REPORTED, "confirm", OTHER_SIDE, CONFIRMED, "outcome.confirmed"),
        Transition(REPORTED, "object", OTHER_SIDE, RUNNING, "outcome.objected", needs_reason=True),
        Transition(CONFIRMED, "claim", SUPPLIER, CLAIMED, "outcome.claimed"),
        Transition(CLAIMED, "publish", NEUTRAL, NOTICE, "outcome.on_notice"),
        Transition(CLAIMED, "return", NEUTRAL, RETURNED, "outcome.returned", needs_reason=True),
        Transition(CLAIMED, "reject", NEUTRAL, REJECTED, "outcome.rejected", needs_reason=True),
        Transition(RETURNED, "claim", SUPPLIER, CLAIMED, "outcome.claimed"),
        Transition(NOTICE, "approve", NEUTRAL, APPROVED, "outcome.approved"),
        Transition(NOTICE, "uphold", NEUTRAL, REJECTED, "outcome.rejected", needs_reason=True),
        Transition(APPROVED, "revoke", NEUTRAL, REVOKED, "outcome.revoked", needs_reason=True),
    ),
)

STATE_NAMES: dict[str, str] = {
    PLANNED: N_("Planned"),
    SIGNED: N_("Plan signed by both"),
    FAILED: N_("Stopped"),
    RUNNING: N_("Running"),
    REPORTED: N_("Reported, to be confirmed"),
    CONFIRMED: N_("Confirmed"),
    CLAIMED: N_("Claimed, under review"),
    NOTICE: N_("On public notice"),
    RETURNED: N_("Returned"),
    REJECTED: N_("Rejected"),
    APPROVED: N_("Approved"),
    REVOKED: N_("Revoked"),
}

ACTION_NAMES: dict[str, str] = {
    "sign": N_("Sign the plan"),
    "abandon": N_("Abandon the plan"),
    "start": N_("Start"),
    "report": N_("Report results"),
    "fail": N_("Stop and record why"),
    "confirm": N_("Confirm the results"),
    "object": N_("Object"),
    "claim": N_("Claim to be the first"),
    "publish": N_("Put on public notice"),
    "return": N_("Return with reasons"),
    "reject": N_("Reject"),
    "approve": N_("Approve and issue certificate"),
    "uphold": N_("Uphold the objection"),
    "revoke": N_("Revoke"),
}

DONE: dict[str, str] = {
    "sign": N_("Signed for your side."),
    "abandon": N_("The plan was abandoned."),
    "start": N_("Started. When it has finished, report the results."),
    "fail": N_("Stopped. The lessons are kept."),
    "confirm": N_("Confirmed. Next the supplier can claim to be the first."),
    "object": N_("Sent back to the other side with your reason."),
    "claim": N_("Claimed. Next, administrators who belong to neither side review it."),
    "return": N_("Returned with your reasons."),
    "reject": N_("Rejected."),
    "approve": N_("Approved. The certificate is public now."),
    "revoke": N_("Revoked. The certificate's page now says so."),
}

PROPOSED, AGREED, REFUSED, WITHDRAWN = "proposed", "agreed", "refused", "withdrawn"
# A change of a plan that both have signed; in force when both have signed it too.
AMENDMENT = Lifecycle(
    "amendment",
    PROPOSED,
    (
        Transition(PROPOSED, "agree", ("other_editor",), AGREED, "amendment.agreed"),
        Transition(PROPOSED, "refuse", ("other_editor",), REFUSED, "amendment.refused", needs_reason=True),
        Transition(PROPOSED, "withdraw", ("proposer_editor",), WITHDRAWN, "amendment.withdrawn"),
    ),
)

AMENDMENT_STATE_NAMES: dict[str, str] = {
    PROPOSED: N_("Proposed"),
    AGREED: N_("Signed by both"),
    REFUSED: N_("Refused"),
    WITHDRAWN: N_("Withdrawn"),
}

AMENDMENT_ACTION_NAMES: dict[str, str] = {
    "agree": N_("Sign the amendment"),
    "refuse": N_("Refuse"),
    "withdraw": N_("Withdraw"),
}

AMENDMENT_DONE: dict[str, str] = {
    "agree": N_("Signed by both: the amended plan is in force."),
    "refuse": N_("Refused. The plan remains unchanged."),
    "withdraw": N_("Withdrawn."),
}
AMENDMENT_PERMISSIONS: Permissions = {"view": ("supplier_member", "demand_member", "administrator")}
# When a plan may be amended: signed, and nothing reported on it yet.
AMENDABLE = frozenset({SIGNED, RUNNING})

# Public from the notice on; a revoked one stays so, with the reason.
PUBLIC = frozenset({NOTICE, APPROVED, REVOKED})
# What the sides may still work on.
OPEN = frozenset({PLANNED, SIGNED, RUNNING, REPORTED, CONFIRMED, RETURNED})

PERMISSIONS: Permissions = {
    "view": ("public", "supplier_member", "demand_member", "platform_member", "administrator"),
    "view_private": ("supplier_member", "demand_member", "platform_member", "administrator"),
    "view_files": ("supplier_member", "demand_member", "platform_member", "administrator"),
    "attest": ("platform_editor",),
    "add_evidence": EITHER_SIDE,
    "amend_plan": EITHER_SIDE,
    "reach_milestone": EITHER_SIDE,
    "exempt_milestone": NEUTRAL,
    "advise": NEUTRAL,
    "object_publicly": ("outsider",),
    "answer_objection": NEUTRAL,
    "answer_follow_up": EITHER_SIDE,
}
