"""The way of a product: draft → submitted → listed → delisted; submitted → returned / draft → submitted."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions
from scenario_hall.core.texts import N_

DRAFT, SUBMITTED, RETURNED, LISTED, DELISTED = "draft", "submitted", "returned", "listed", "delisted"

LIFECYCLE = Lifecycle(
    "product",
    DRAFT,
    (
        Transition(DRAFT, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Transition(RETURNED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Transition(SUBMITTED, "recall", ("owner_editor",), DRAFT, "product.recalled"),
        Transition(SUBMITTED, "list", ("neutral_administrator",), LISTED, "product.listed"),
        Transition(SUBMITTED, "return", ("neutral_administrator",), RETURNED, "product.returned", needs_reason=True),
        Transition(LISTED, "amend", ("owner_editor",), LISTED, "product.amended", needs_reason=True),
        # What the owner proposed of the substance; an amendment of facts needs no review.
        Transition(LISTED, "accept_revision", ("neutral_administrator",), LISTED, "product.amended"),
        Transition(
            LISTED, "delist", ("owner_editor", "administrator"), DELISTED, "product.delisted", needs_reason=True
        ),
        Transition(DELISTED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
    ),
)

STATE_NAMES: dict[str, str] = {
    DRAFT: N_("Draft"),
    SUBMITTED: N_("Under review"),
    RETURNED: N_("Returned"),
    LISTED: N_("Listed"),
    DELISTED: N_("Delisted"),
}

ACTION_NAMES: dict[str, str] = {
    "submit": N_("Submit for review"),
    "recall": N_("Take back"),
    "list": N_("List in the hall"),
    "return": N_("Return with reasons"),
    "amend": N_("Amend"),
    "accept_revision": N_("Accept the change"),
    "delist": N_("Remove from the hall"),
}

DONE: dict[str, str] = {
    "submit": N_("Submitted. An administrator will review it next; you will get an e-mail."),
    "list": N_("Listed: it is in the hall now."),
    "recall": N_("Taken back: it is a draft again."),
    "return": N_("Returned with your reasons."),
    "delist": N_("Removed from the hall. The page can still be found."),
}

# States in which a product has been public: its page stays findable.
PUBLIC = frozenset({LISTED, DELISTED})
DRAFTING = frozenset({DRAFT, RETURNED})

PERMISSIONS: Permissions = {
    "view": ("public", "owner_member", "administrator"),
    "view_private": ("owner_member", "administrator"),
    "edit": ("owner_editor",),
    "view_files": ("public", "owner_member", "administrator"),
    "view_matches": ("owner_member", "administrator"),
    "apply": ("owner_editor",),
}
