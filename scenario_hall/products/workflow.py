"""The way of a product: draft → submitted → listed → delisted; submitted → returned → submitted."""

from __future__ import annotations

from scenario_hall.core.policy import Permissions
from scenario_hall.core.workflow import Step, Workflow

DRAFT, SUBMITTED, RETURNED, LISTED, DELISTED = "draft", "submitted", "returned", "listed", "delisted"

WORKFLOW = Workflow(
    "product",
    DRAFT,
    (
        Step(DRAFT, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Step(RETURNED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
        Step(SUBMITTED, "list", ("neutral_administrator",), LISTED, "product.listed"),
        Step(SUBMITTED, "return", ("neutral_administrator",), RETURNED, "product.returned", needs_reason=True),
        Step(LISTED, "amend", ("owner_editor",), LISTED, "product.amended", needs_reason=True),
        Step(LISTED, "delist", ("owner_editor", "administrator"), DELISTED, "product.delisted", needs_reason=True),
        Step(DELISTED, "submit", ("owner_editor",), SUBMITTED, "product.submitted"),
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
