"""Kinds of event of organisations and of who belongs to them."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import ALL_OF_IT_CHANGES, CHANGE, EventKind

SELF = ("self",)

ORGANIZATIONS = (
    EventKind("organization.registered", "organization", N_("Registered"), ("name",), acts_for=SELF),
    EventKind(
        "organization.changed",
        "organization",
        N_("Details changed"),
        ("name", "fields"),
        wanted_by=ALL_OF_IT_CHANGES,
        acts_for=SELF,
    ),
    EventKind(
        "organization.facts_confirmed",
        "organization",
        N_("Changed details verified"),
        ("name", "fields"),
        letters=("organization_facts_confirmed",),
    ),
    EventKind(
        "organization.facts_refused",
        "organization",
        N_("Changed details refused"),
        ("name", "fields", "reason"),
        letters=("organization_facts_refused",),
    ),
    EventKind(
        "organization.verified",
        "organization",
        N_("Verified"),
        (*CHANGE, "name"),
        wanted_by=ALL_OF_IT_CHANGES,
        letters=("organization_verified",),
    ),
    EventKind(
        "organization.returned",
        "organization",
        N_("Returned with reasons"),
        (*CHANGE, "name"),
        letters=("organization_returned",),
    ),
    EventKind(
        "organization.rejected", "organization", N_("Rejected"), (*CHANGE, "name"), letters=("organization_rejected",)
    ),
    EventKind("organization.resubmitted", "organization", N_("Submitted again"), (*CHANGE, "name"), acts_for=SELF),
    EventKind(
        "organization.suspended",
        "organization",
        N_("Suspended"),
        (*CHANGE, "name"),
        wanted_by=ALL_OF_IT_CHANGES,
        letters=("organization_suspended",),
    ),
    EventKind(
        "organization.reinstated",
        "organization",
        N_("Reinstated"),
        (*CHANGE, "name"),
        wanted_by=ALL_OF_IT_CHANGES,
    ),
    EventKind("organization.file_removed", "organization", N_("A file was removed"), ("role", "file")),
    EventKind("organization.platform_recognised", "organization", N_("Recognised as a pilot platform"), ("name",)),
    EventKind(
        "organization.platform_not_recognised",
        "organization",
        N_("No longer recognised as a pilot platform"),
        ("name",),
    ),
    EventKind(
        "membership.requested",
        "organization",
        N_("Asked to join"),
        ("account", "role"),
        letters=("membership_requested",),
    ),
    # The address is in the row alone.
    EventKind(
        "organization.mailbox_set",
        "organization",
        N_("Shared mailbox entered"),
        ("number",),
        letters=("mailbox_entered",),
        acts_for=SELF,
    ),
    EventKind("organization.mailbox_confirmed", "organization", N_("Shared mailbox confirmed"), ("number",)),
    EventKind("organization.mailbox_removed", "organization", N_("Shared mailbox removed"), ("number",)),
    EventKind("membership.accepted", "organization", N_("Became a member"), ("account", "role"), acts_for=SELF),
    EventKind("membership.role_changed", "organization", N_("Role changed"), ("account", "role"), acts_for=SELF),
    # To whom is in the row alone.
    EventKind(
        "invitation.sent",
        "organization",
        N_("Invitation sent"),
        ("invitation", "number", "role"),
        letters=("colleague_invited", "supplier_invited"),
        acts_for=SELF,
    ),
    EventKind("invitation.revoked", "organization", N_("Invitation revoked"), ("invitation",), acts_for=SELF),
    EventKind("invitation.accepted", "organization", N_("Invitation accepted"), ("invitation",)),
    EventKind("membership.ended", "organization", N_("No longer a member"), ("account", "role")),
)
