"""Kinds of event of scenarios."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import (
    ALERTING,
    CHANGE,
    OWNER,
    SCENARIOS_CHANGE,
    TITLE_AND_REASON,
    EventKind,
    FeedLine,
)

SCENARIOS = (
    EventKind("scenario.drafted", "scenario", N_("Draft started"), ("title",), acts_for=OWNER),
    EventKind("scenario.saved", "scenario", N_("Draft saved"), ("fields",), acts_for=OWNER),
    EventKind("scenario.discarded", "scenario", N_("Draft deleted"), acts_for=OWNER, erases_words=True),
    EventKind("scenario.recalled", "scenario", N_("Taken back by its author"), (*CHANGE, "title"), acts_for=OWNER),
    EventKind("scenario.submitted", "scenario", N_("Submitted for review"), (*CHANGE, "title"), acts_for=OWNER),
    EventKind(
        "scenario.released",
        "scenario",
        N_("Released"),
        (*CHANGE, "title", "revision", "fields"),
        feed=FeedLine(N_("New scenario released"), "megaphone"),
        wanted_by=SCENARIOS_CHANGE + ALERTING,
        letters=("scenario_released", "scenario_substance_changed"),
    ),
    EventKind(
        "scenario.returned",
        "scenario",
        N_("Returned with reasons"),
        (*CHANGE, "title", "notes"),
        letters=("scenario_returned",),
    ),
    EventKind(
        "scenario.amended",
        "scenario",
        N_("Amended"),
        (*CHANGE, "title", "revision", "fields"),
        feed=FeedLine(N_("Scenario amended"), "pencil-square", TITLE_AND_REASON),
        wanted_by=SCENARIOS_CHANGE + ALERTING,
        letters=("scenario_substance_changed",),
        acts_for=OWNER,
    ),
    EventKind("scenario.file_removed", "scenario", N_("A file was removed"), ("role", "file"), acts_for=OWNER),
    EventKind("scenario.contact_changed", "scenario", N_("Contact changed"), acts_for=OWNER),
    EventKind(
        "scenario.closed",
        "scenario",
        N_("Closed"),
        (*CHANGE, "title"),
        feed=FeedLine(N_("Scenario closed"), "door-closed", TITLE_AND_REASON),
        wanted_by=SCENARIOS_CHANGE + ALERTING,
        acts_for=OWNER,
    ),
    EventKind(
        "scenario.withdrawn",
        "scenario",
        N_("Withdrawn"),
        (*CHANGE, "title"),
        feed=FeedLine(N_("Scenario withdrawn"), "x-circle", TITLE_AND_REASON),
        wanted_by=SCENARIOS_CHANGE,
        acts_for=OWNER,
    ),
    EventKind(
        "scenario.expired",
        "scenario",
        N_("Deadline passed"),
        (*CHANGE, "title"),
        feed=FeedLine(N_("Deadline passed"), "clock-history"),
        wanted_by=SCENARIOS_CHANGE + ALERTING,
    ),
    EventKind(
        "scenario.answers_due",
        "scenario",
        N_("The owner was reminded to answer the applications"),
        ("title", "applications"),
        letters=("answers_due",),
    ),
    EventKind(
        "scenario.matched",
        "scenario",
        N_("Matched with products"),
        ("title", "matches", "rules"),
        feed=FeedLine(N_("Matched with products"), "diagram-3"),
        wanted_by=ALERTING,
    ),
    EventKind(
        "scenario.match_judged",
        "scenario",
        N_("A match was rated"),
        ("title", "scenario", "product", "opinion", "score", "rules"),
        acts_for=OWNER,
    ),
    EventKind(
        "scenario.joint_proposed",
        "scenario",
        N_("Somebody proposed posting it jointly"),
        ("title", "with", "by"),
        letters=("joint_proposed", "joint_proposed_apart"),
    ),
    EventKind(
        "scenario.question", "scenario", N_("A question was asked"), ("title",), letters=("question_on_scenario",)
    ),
    EventKind("scenario.question_answered", "scenario", N_("A question was answered"), ("question",), acts_for=OWNER),
    EventKind("scenario.criteria_set", "scenario", N_("Judging criteria set"), ("criteria",), acts_for=OWNER),
    EventKind(
        "scenario.scores_revealed",
        "scenario",
        N_("Joint judging round opened"),
        ("title", "applications"),
        letters=("scores_revealed",),
        acts_for=OWNER,
    ),
)
