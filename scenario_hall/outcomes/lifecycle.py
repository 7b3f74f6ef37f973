"""The way of an outcome record.

planned → signed (both sides) → running → reported → confirmed → claimed → on public notice → approved; back from review
as returned, once; out of it as rejected; failed at any time before the report; an approval can be revoked.
"""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions

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
    "object_publicly": ("signed_in",),
    "answer_objection": NEUTRAL,
    "answer_follow_up": EITHER_SIDE,
}
