"""The way of a product: draft → submitted → listed → delisted; submitted → returned → submitted."""

from __future__ import annotations

from scenario_hall.core.lifecycle import Lifecycle, Transition
from scenario_hall.core.policy import Permissions

DRAFT, SUBMITTED, RETURNED, LISTED, DELISTED = "draft", "submitted", "returned", "listed", "delisted"

LIFECYCLE = Lifecycle(
    "product",
    DRAFT,
    (
        Transition(DRAFT, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Transition(RETURNED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Transition(SUBMITTED, "list", ("neutral_administrator",), LISTED, "product.listed"),
        Transition(SUBMITTED, "return", ("neutral_administrator",), RETURNED, "product.returned", needs_reason=True),
        Transition(LISTED, "amend", ("owner_editor",), LISTED, "product.amended", needs_reason=True),
        Transition(
            LISTED, "delist", ("owner_editor", "administrator"), DELISTED, "product.delisted", needs_reason=True
        ),
        Transition(DELISTED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
    ),
)

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
