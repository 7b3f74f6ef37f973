"""Kinds of event of who reviews what."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import ADMINISTRATORS, EventKind

REVIEWING = (
    EventKind(
        "turn.given",
        "turn",
        N_("Given to an administrator"),
        ("queue", "account"),
        visible_to=ADMINISTRATORS,
        letters=("review_given",),
    ),
    EventKind("turn.given_back", "turn", N_("Given back to all administrators"), ("queue",), visible_to=ADMINISTRATORS),
)
