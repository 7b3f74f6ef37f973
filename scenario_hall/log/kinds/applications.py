"""Kinds of event of applications. What evaluators do is not shown to the supplier: they read the written feedback."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import BOTH_SIDES, CHANGE, JUDGES, EventKind

APPLICATIONS = (
    EventKind(
        "application.submitted",
        "application",
        N_("Received"),
        ("scenario", "product"),
        BOTH_SIDES,
        letters=("application_submitted", "application_to_judge"),
    ),
    EventKind(
        "application.shortlisted",
        "application",
        N_("Shortlisted"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_shortlisted",),
    ),
    EventKind(
        "application.accepted",
        "application",
        N_("Accepted"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_accepted",),
    ),
    EventKind(
        "application.declined",
        "application",
        N_("Declined"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_declined",),
    ),
    EventKind(
        "application.renewed",
        "application",
        N_("Confirmed for the changed scenario"),
        (*CHANGE, "scenario", "product", "revision"),
        BOTH_SIDES,
        letters=("application_renewed",),
    ),
    EventKind("application.withdrawn", "application", N_("Withdrawn"), (*CHANGE, "scenario", "product"), BOTH_SIDES),
    EventKind("application.file_removed", "application", N_("A file was removed"), ("role", "file"), BOTH_SIDES),
    EventKind(
        "application.asked",
        "application",
        N_("The owner asked"),
        ("metric",),
        BOTH_SIDES,
        letters=("application_asked",),
    ),
    EventKind(
        "application.answered",
        "application",
        N_("The supplier answered"),
        ("metric",),
        BOTH_SIDES,
        letters=("application_answered",),
    ),
    EventKind(
        "application.conflict_declared",
        "application",
        N_("An evaluator declared a conflict of interest"),
        visible_to=JUDGES,
    ),
    EventKind(
        "application.impartiality_declared",
        "application",
        N_("An evaluator declared that there is no conflict of interest"),
        visible_to=JUDGES,
    ),
    EventKind("application.scored", "application", N_("Scored by an evaluator"), ("number",), JUDGES),
    EventKind("application.score_revised", "application", N_("An evaluator revised a score"), ("number",), JUDGES),
)
