"""What the fields of events' data are called, and how their values are shown.

A value is shown as it is, or as what ``shown_as`` says: a day, the beginning of a fingerprint, or one of a group of
names (a state, a role, a field of a record …).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenario_hall.core.texts import N_

# A mark (number, code, day, state, fingerprint) stands in the entry and under its hash. Words stand beside it
# (``log/words.py``); own words are those that somebody wrote as themselves, and they go with the account.
Holds = Literal["words", "own words", "mark"]
ShownAs = Literal[
    "text", "day", "fingerprint", "word", "state", "field", "milestone", "scope", "cause", "contract", "amount", "queue"
]


@dataclass(frozen=True)
class EventField:
    """One field; ``title`` is a message id. What is not said to be a mark is kept as words."""

    title: str
    shown_as: ShownAs = "text"
    holds: Holds = "words"


FIELDS: dict[str, EventField] = {
    "account": EventField(N_("Account"), holds="mark"),
    "adopters": EventField(N_("Adopters")),
    "adopters_count": EventField(N_("Number of adopters")),
    "amendment": EventField(N_("Amendment"), holds="mark"),
    "amount": EventField(N_("Amount"), "amount"),
    "answers": EventField(N_("Answers")),
    "applications": EventField(N_("Applications"), holds="mark"),
    "before": EventField(N_("Plan before"), "fingerprint", holds="mark"),
    "by": EventField(N_("Organisation")),
    "cause": EventField(N_("Cause"), "cause", holds="mark"),
    "certificate": EventField(N_("Certificate"), holds="mark"),
    "content": EventField(N_("Certified content"), "fingerprint", holds="mark"),
    "contract": EventField(N_("Contract"), "contract"),
    "criteria": EventField(N_("Criteria")),
    "decided_as": EventField(N_("Decided as"), holds="mark"),
    "due": EventField(N_("Due on"), "day", holds="mark"),
    "fields": EventField(N_("Fields changed"), "field", holds="mark"),
    "figures": EventField(N_("Figures"), "fingerprint", holds="mark"),
    "file": EventField(N_("File"), "fingerprint", holds="mark"),
    "from": EventField(N_("State before"), "state", holds="mark"),
    "invitation": EventField(N_("Invitation"), holds="mark"),
    "kind": EventField(N_("Kind"), "word", holds="mark"),
    "line": EventField(N_("Line of the log"), holds="mark"),
    "lines": EventField(N_("Lines of the log"), holds="mark"),
    "made": EventField(N_("Backup made"), holds="mark"),
    "matches": EventField(N_("Matches"), holds="mark"),
    "may_show_amount": EventField(N_("The amount may be public")),
    "metric": EventField(N_("Metric")),
    "milestone": EventField(N_("Milestone"), "milestone", holds="mark"),
    "month": EventField(N_("Months after the approval"), holds="mark"),
    "name": EventField(N_("Name")),
    "notice": EventField(N_("Kind of notice"), holds="mark"),
    "notes": EventField(N_("Notes"), "text", holds="own words"),
    "number": EventField(N_("Number"), holds="mark"),
    "objection": EventField(N_("Objection"), holds="mark"),
    "opinion": EventField(N_("Opinion"), "word", holds="mark"),
    "organization": EventField(N_("Organisation"), holds="mark"),
    "outcomes": EventField(N_("First trials and first uses"), holds="mark"),
    "plan": EventField(N_("Plan"), "fingerprint", holds="mark"),
    "platform": EventField(N_("Pilot platform"), holds="mark"),
    "product": EventField(N_("Product"), holds="mark"),
    "purpose": EventField(N_("What for"), holds="mark"),
    "question": EventField(N_("Question"), holds="mark"),
    "queue": EventField(N_("Queue"), "queue", holds="mark"),
    "reason": EventField(N_("Reason"), holds="own words"),
    "region": EventField(N_("Region")),
    "remark": EventField(N_("Remark")),
    "results": EventField(N_("Results"), "fingerprint", holds="mark"),
    "retired": EventField(N_("Retired"), holds="mark"),
    "revision": EventField(N_("Revision"), holds="mark"),
    "role": EventField(N_("Role"), "word", holds="mark"),
    "root": EventField(N_("Root hash"), "fingerprint", holds="mark"),
    "round": EventField(N_("Round of review"), holds="mark"),
    "rules": EventField(N_("Rules")),
    "scenario": EventField(N_("Scenario"), holds="mark"),
    "scope": EventField(N_("Scope"), "scope", holds="mark"),
    "scopes": EventField(N_("Scopes"), holds="mark"),
    "score": EventField(N_("Score"), holds="mark"),
    "second_order": EventField(N_("Second order")),
    "sessions": EventField(N_("Sessions"), holds="mark"),
    "side": EventField(N_("Side"), "word", holds="mark"),
    "slug": EventField(N_("URL name (slug)"), holds="mark"),
    "stand_in": EventField(N_("Stand-in"), holds="mark"),
    "steps": EventField(N_("Steps"), holds="mark"),
    "still_in_use": EventField(N_("Still in use")),
    "tags": EventField(N_("Tags"), holds="mark"),
    "title": EventField(N_("Title")),
    "to": EventField(N_("State after"), "state", holds="mark"),
    "token": EventField(N_("Token"), holds="mark"),
    "until": EventField(N_("Until"), "day", holds="mark"),
    "upheld": EventField(N_("Objection upheld"), holds="mark"),
    "valid_from": EventField(N_("In force from"), "day", holds="mark"),
    "version": EventField(N_("Version")),
    "weight": EventField(N_("Weight")),
    "with": EventField(N_("Jointly with"), holds="mark"),
    "wording": EventField(N_("Wording"), holds="mark"),
    "words": EventField(N_("Words")),
    "year": EventField(N_("Year"), holds="mark"),
}
