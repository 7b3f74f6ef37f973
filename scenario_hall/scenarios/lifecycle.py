"""The way of a scenario: draft → submitted → released → closed / withdrawn / expired; submitted → returned / draft;
expired → closed."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

DRAFT, SUBMITTED, RETURNED, RELEASED = "draft", "submitted", "returned", "released"
CLOSED, WITHDRAWN, EXPIRED = "closed", "withdrawn", "expired"

LIFECYCLE = Lifecycle(
    "scenario",
    DRAFT,
    (
        Transition(DRAFT, "submit", ("owner_editor",), SUBMITTED, "scenario.submitted"),
        Transition(RETURNED, "submit", ("owner_editor",), SUBMITTED, "scenario.submitted"),
        Transition(SUBMITTED, "recall", ("owner_editor",), DRAFT, "scenario.recalled"),
        Transition(SUBMITTED, "release", ("neutral_administrator",), RELEASED, "scenario.released"),
        Transition(SUBMITTED, "return", ("neutral_administrator",), RETURNED, "scenario.returned", needs_reason=True),
        Transition(RELEASED, "amend", ("owner_editor",), RELEASED, "scenario.amended", needs_reason=True),
        # What the owner proposed of the substance; an amendment of facts needs no review.
        Transition(RELEASED, "accept_revision", ("neutral_administrator",), RELEASED, "scenario.amended"),
        Transition(RELEASED, "close", ("owner_editor",), CLOSED, "scenario.closed", needs_reason=True),
        # Its applicants get their answers, too: an expired one is closed by the rule of applications/closing.py.
        Transition(EXPIRED, "close", ("owner_editor",), CLOSED, "scenario.closed", needs_reason=True),
        Transition(RELEASED, "withdraw", ("owner_editor", "administrator"), WITHDRAWN, "scenario.withdrawn", True),
        Transition(RELEASED, "expire", ("system",), EXPIRED, "scenario.expired"),
    ),
)

STATE_NAMES: dict[str, str] = {
    DRAFT: N_("Draft"),
    SUBMITTED: N_("Under review"),
    RETURNED: N_("Returned"),
    RELEASED: N_("Open"),
    CLOSED: N_("Closed"),
    EXPIRED: N_("Deadline passed"),
    WITHDRAWN: N_("Withdrawn"),
}

ACTION_NAMES: dict[str, str] = {
    "submit": N_("Submit for review"),
    "recall": N_("Take back"),
    "release": N_("Release"),
    "return": N_("Return with reasons"),
    "amend": N_("Amend"),
    "accept_revision": N_("Accept the change"),
    "close": N_("Close"),
    "withdraw": N_("Withdraw"),
}

DONE: dict[str, str] = {
    "submit": N_("Submitted. An administrator will review it next; you will get an e-mail."),
    "release": N_("Released: it is in the hall now."),
    "recall": N_("Taken back: it is a draft again."),
    "return": N_("Returned with your reasons."),
    "close": N_("Closed. The page can still be found."),
    "withdraw": N_("Withdrawn."),
}

# States in which a scenario has been public: its page stays findable.
PUBLIC = frozenset({RELEASED, CLOSED, WITHDRAWN, EXPIRED})
# States in which its owner may still rewrite it.
DRAFTING = frozenset({DRAFT, RETURNED})

PERMISSIONS: Permissions = {
    "view": ("public", "owner_member", "administrator"),
    "view_private": ("owner_member", "administrator"),
    "edit": ("owner_editor",),
    "view_files": ("public", "owner_member", "administrator"),
    "view_matches": ("owner_member", "administrator"),
    "judge_matches": ("owner_editor",),
    "propose_jointly": ("owner_editor",),
    "ask_question": ("outsider",),
    "answer_question": ("owner_editor",),
    "invite": ("owner_editor",),
    "view_applications": ("owner_member", "administrator"),
    "view_judging": ("owner_member", "administrator"),
    "set_criteria": ("owner_editor",),
    "reveal_scores": ("owner_editor",),
}
