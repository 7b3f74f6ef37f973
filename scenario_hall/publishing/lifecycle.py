"""The lifecycle of a change of what is public that waits for review: proposed → accepted / returned / taken back."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

PROPOSED, ACCEPTED, RETURNED, TAKEN_BACK, LAPSED = "proposed", "accepted", "returned", "taken_back", "lapsed"

REVISION = Lifecycle(
    "revision",
    PROPOSED,
    (
        Transition(PROPOSED, "accept", ("neutral_administrator",), ACCEPTED, "revision.accepted"),
        Transition(PROPOSED, "return", ("neutral_administrator",), RETURNED, "revision.returned", needs_reason=True),
        Transition(PROPOSED, "take_back", ("owner_editor",), TAKEN_BACK, "revision.taken_back"),
        # Its record was closed, withdrawn, delisted, or its deadline has passed.
        Transition(PROPOSED, "lapse", ("owner_editor", "administrator", "system"), LAPSED, "revision.lapsed"),
    ),
)

REVISION_STATE_NAMES: dict[str, str] = {
    PROPOSED: N_("Waiting for review"),
    ACCEPTED: N_("Accepted"),
    RETURNED: N_("Returned"),
    TAKEN_BACK: N_("Taken back"),
    LAPSED: N_("Ended with its record"),
}

REVISION_ACTION_NAMES: dict[str, str] = {
    "accept": N_("Accept"),
    "return": N_("Return with reasons"),
    "take_back": N_("Take back"),
}

REVISION_DONE: dict[str, str] = {
    "accept": N_("Accepted: the new revision is public now."),
    "return": N_("Returned with your reasons."),
    "take_back": N_("Taken back. What is public stays as it is."),
}

REVISION_PERMISSIONS: Permissions = {
    "view": ("owner_member", "administrator"),
    "view_private": ("owner_member", "administrator"),
    "view_files": ("owner_member", "administrator"),
    "edit": ("owner_editor",),
}
