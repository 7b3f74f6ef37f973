"""Kinds of event of changes of what is public that wait for review."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import CHANGE, OWNER, EventKind

CHANGED = ("title", "fields")

REVISIONS = (
    EventKind(
        "revision.proposed", "revision", N_("A change was sent for review"), (*CHANGED, "reason"), acts_for=OWNER
    ),
    EventKind(
        "revision.replaced", "revision", N_("The waiting change was replaced"), (*CHANGED, "reason"), acts_for=OWNER
    ),
    EventKind(
        "revision.accepted",
        "revision",
        N_("The change was accepted"),
        (*CHANGE, *CHANGED),
        letters=("revision_accepted",),
    ),
    EventKind(
        "revision.returned",
        "revision",
        N_("The change was returned with reasons"),
        (*CHANGE, *CHANGED),
        letters=("revision_returned",),
    ),
    EventKind("revision.file_removed", "revision", N_("A file was removed"), ("role", "file"), acts_for=OWNER),
    EventKind("revision.taken_back", "revision", N_("The change was taken back"), (*CHANGE, *CHANGED), acts_for=OWNER),
    EventKind(
        "revision.lapsed", "revision", N_("The change ended with its record"), (*CHANGE, *CHANGED), acts_for=OWNER
    ),
)
