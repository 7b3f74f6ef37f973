"""The way of a scenario: draft → submitted → released → closed / withdrawn / expired; submitted → returned;
expired → closed."""

from __future__ import annotations

from scenario_hall.core.policy import Permissions
from scenario_hall.core.workflow import Step, Workflow

DRAFT, SUBMITTED, RETURNED, RELEASED = "draft", "submitted", "returned", "released"
CLOSED, WITHDRAWN, EXPIRED = "closed", "withdrawn", "expired"

WORKFLOW = Workflow(
    "scenario",
    DRAFT,
    (
        Step(DRAFT, "submit", ("owner_editor",), SUBMITTED, "scenario.submitted"),
        Step(RETURNED, "submit", ("owner_editor",), SUBMITTED, "scenario.submitted"),
        Step(SUBMITTED, "release", ("neutral_administrator",), RELEASED, "scenario.released"),
        Step(SUBMITTED, "return", ("neutral_administrator",), RETURNED, "scenario.returned", needs_reason=True),
        Step(RELEASED, "amend", ("owner_editor",), RELEASED, "scenario.amended", needs_reason=True),
        Step(RELEASED, "close", ("owner_editor",), CLOSED, "scenario.closed", needs_reason=True),
        # Its applicants get their answers, too: an expired one is closed by the rule of applications/closing.py.
        Step(EXPIRED, "close", ("owner_editor",), CLOSED, "scenario.closed", needs_reason=True),
        Step(RELEASED, "withdraw", ("owner_editor", "administrator"), WITHDRAWN, "scenario.withdrawn", True),
        Step(RELEASED, "expire", ("system",), EXPIRED, "scenario.expired"),
    ),
)

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
    "ask_question": ("signed_in",),
    "answer_question": ("owner_editor",),
    "view_applications": ("owner_member", "administrator"),
    "view_judging": ("owner_member", "administrator"),
    "set_criteria": ("owner_editor",),
    "reveal_scores": ("owner_editor",),
}
