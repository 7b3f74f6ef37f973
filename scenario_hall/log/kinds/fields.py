"""What the fields of events' data are called, and how their values are shown.

A value is shown as it is, or as what ``shown_as`` says: a day, the beginning of a fingerprint, or one of a group of
names (a state, a role, a field of a record …).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenario_hall.core.texts import N_

ShownAs = Literal[
    "text", "day", "fingerprint", "word", "state", "field", "milestone", "scope", "cause", "contract", "amount"
]


@dataclass(frozen=True)
class EventField:
    """One field; ``title`` is a message id."""

    title: str
    shown_as: ShownAs = "text"


FIELDS: dict[str, EventField] = {
    "account": EventField(N_("Account")),
    "adopters": EventField(N_("Adopters")),
    "adopters_count": EventField(N_("Number of adopters")),
    "amendment": EventField(N_("Amendment")),
    "amount": EventField(N_("Amount"), "amount"),
    "answers": EventField(N_("Answers")),
    "applications": EventField(N_("Applications")),
    "before": EventField(N_("Plan before"), "fingerprint"),
    "by": EventField(N_("Organisation")),
    "cause": EventField(N_("Cause"), "cause"),
    "certificate": EventField(N_("Certificate")),
    "content": EventField(N_("Certified content"), "fingerprint"),
    "contract": EventField(N_("Contract"), "contract"),
    "criteria": EventField(N_("Criteria")),
    "decided_as": EventField(N_("Decided as")),
    "due": EventField(N_("Due on"), "day"),
    "fields": EventField(N_("Fields changed"), "field"),
    "file": EventField(N_("File"), "fingerprint"),
    "from": EventField(N_("State before"), "state"),
    "lines": EventField(N_("Lines of the log")),
    "made": EventField(N_("Backup made")),
    "kind": EventField(N_("Kind"), "word"),
    "matches": EventField(N_("Matches")),
    "may_show_amount": EventField(N_("The amount may be public")),
    "metric": EventField(N_("Metric")),
    "milestone": EventField(N_("Milestone"), "milestone"),
    "month": EventField(N_("Months after the approval")),
    "name": EventField(N_("Name")),
    "notes": EventField(N_("Notes"), "text"),
    "number": EventField(N_("Number")),
    "objection": EventField(N_("Objection")),
    "opinion": EventField(N_("Opinion"), "word"),
    "organization": EventField(N_("Organisation")),
    "outcomes": EventField(N_("First trials and first uses")),
    "plan": EventField(N_("Plan"), "fingerprint"),
    "platform": EventField(N_("Pilot platform")),
    "product": EventField(N_("Product")),
    "question": EventField(N_("Question")),
    "reason": EventField(N_("Reason")),
    "region": EventField(N_("Region")),
    "remark": EventField(N_("Remark")),
    "results": EventField(N_("Results"), "fingerprint"),
    "retired": EventField(N_("Retired")),
    "revision": EventField(N_("Revision")),
    "role": EventField(N_("Role"), "word"),
    "round": EventField(N_("Round of review")),
    "rules": EventField(N_("Rules")),
    "scenario": EventField(N_("Scenario")),
    "scope": EventField(N_("Scope"), "scope"),
    "scopes": EventField(N_("Scopes")),
    "score": EventField(N_("Score")),
    "second_order": EventField(N_("Second order")),
    "sessions": EventField(N_("Sessions")),
    "side": EventField(N_("Side"), "word"),
    "slug": EventField(N_("URL name (slug)")),
    "steps": EventField(N_("Steps")),
    "still_in_use": EventField(N_("Still in use")),
    "tags": EventField(N_("Tags")),
    "title": EventField(N_("Title")),
    "to": EventField(N_("State after"), "state"),
    "token": EventField(N_("Token")),
    "until": EventField(N_("Until"), "day"),
    "upheld": EventField(N_("Objection upheld")),
    "valid_from": EventField(N_("In force from"), "day"),
    "version": EventField(N_("Version")),
    "weight": EventField(N_("Weight")),
    "with": EventField(N_("Jointly with")),
    "words": EventField(N_("Words")),
    "year": EventField(N_("Year")),
}
