"""Kinds of event of applications. What evaluators do is not shown to the supplier: they read the written feedback."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import BOTH_SIDES, CHANGE, DEMAND, JUDGES, SUPPLIER, EventKind

APPLICATIONS = (
    EventKind(
        "application.submitted",
        "application",
        N_("Received"),
        ("scenario", "product"),
        BOTH_SIDES,
        letters=("application_submitted", "application_to_judge"),
        acts_for=SUPPLIER,
    ),
    EventKind(
        "application.shortlisted",
        "application",
        N_("Shortlisted"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_shortlisted",),
        acts_for=DEMAND,
    ),
    EventKind(
        "application.accepted",
        "application",
        N_("Accepted"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_accepted",),
        acts_for=DEMAND,
    ),
    EventKind(
        "application.declined",
        "application",
        N_("Declined"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        letters=("application_declined",),
        acts_for=DEMAND,
    ),
    EventKind(
        "application.withdrawn",
        "application",
        N_("Withdrawn"),
        (*CHANGE, "scenario", "product"),
        BOTH_SIDES,
        acts_for=SUPPLIER,
    ),
    EventKind(
        "application.asked",
        "application",
        N_("The owner asked"),
        ("metric",),
        BOTH_SIDES,
        letters=("application_asked",),
        acts_for=DEMAND,
    ),
    EventKind(
        "application.answered",
        "application",
        N_("The supplier answered"),
        ("metric",),
        BOTH_SIDES,
        letters=("application_answered",),
        acts_for=SUPPLIER,
    ),
    EventKind(
        "application.conflict_declared",
        "application",
        N_("An evaluator declared a conflict of interest"),
        visible_to=JUDGES,
        acts_for=DEMAND,
    ),
    EventKind(
        "application.impartiality_declared",
        "application",
        N_("An evaluator declared that there is no conflict of interest"),
        visible_to=JUDGES,
        acts_for=DEMAND,
    ),
    EventKind("application.scored", "application", N_("Scored by an evaluator"), ("number",), JUDGES, acts_for=DEMAND),
    EventKind(
        "application.score_revised",
        "application",
        N_("An evaluator revised a score"),
        ("number",),
        JUDGES,
        acts_for=DEMAND,
    ),
)
