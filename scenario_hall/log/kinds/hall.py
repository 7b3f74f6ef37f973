"""Kinds of event of the hall itself: the taxonomy, targets, rules, demonstration data."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import ADMINISTRATORS, EventKind, FeedLine, ReaderName

TAGS_CHANGE = (ReaderName.MATCHER, ReaderName.PAGES)

HALL = (
    EventKind(
        "taxonomy.seeded",
        "taxonomy",
        N_("Shipped tags added"),
        ("tags",),
        visible_to=ADMINISTRATORS,
        wanted_by=TAGS_CHANGE,
    ),
    EventKind(
        "taxonomy.tag_saved",
        "taxonomy",
        N_("Tag saved"),
        ("slug", "retired"),
        visible_to=ADMINISTRATORS,
        wanted_by=TAGS_CHANGE,
    ),
    EventKind(
        "taxonomy.proposal_decided",
        "taxonomy",
        N_("Proposed tag decided on"),
        ("words", "decided_as"),
        visible_to=ADMINISTRATORS,
        wanted_by=TAGS_CHANGE,
    ),
    EventKind(
        "taxonomy.target_set", "taxonomy", N_("Target of the year set"), ("year", "outcomes"), visible_to=ADMINISTRATORS
    ),
    # Its subject was the taxonomy from the first day on, and an old log is not rewritten.
    EventKind("rules.made", "taxonomy", N_("New rules made"), ("version", "valid_from"), visible_to=ADMINISTRATORS),
    EventKind("log.restored", "log", N_("Restored from a backup"), ("lines", "made"), visible_to=ADMINISTRATORS),
    # Written by the migration that took the words out of the lines before it (``log/verifying.py``).
    EventKind("log.words_moved", "log", N_("Words moved out of the log"), ("lines", "root"), visible_to=ADMINISTRATORS),
    # Of one line, or all own words until a day.
    EventKind(
        "log.words_erased",
        "log",
        N_("Words of the log erased"),
        ("line", "until"),
        visible_to=ADMINISTRATORS,
        erases_words=True,
    ),
    EventKind(
        "alerts.braked",
        "alerts",
        N_("So many letters about saved searches that the others wait for the morning"),
        visible_to=ADMINISTRATORS,
        letters=("alerts_braked",),
    ),
    EventKind("webhook.made", "webhook", N_("Webhook made"), ("organization",), visible_to=ADMINISTRATORS),
    EventKind("webhook.changed", "webhook", N_("Webhook changed"), ("organization",), visible_to=ADMINISTRATORS),
    EventKind(
        "webhook.secret_renewed",
        "webhook",
        N_("New secret of a webhook made"),
        ("organization",),
        visible_to=ADMINISTRATORS,
    ),
    EventKind("webhook.deleted", "webhook", N_("Webhook deleted"), ("organization",), visible_to=ADMINISTRATORS),
    EventKind(
        "webhook.gone",
        "webhook",
        N_("Webhook turned off: its receiver said that it is gone"),
        ("organization",),
        visible_to=ADMINISTRATORS,
        letters=("webhook_gone",),
    ),
    EventKind(
        "webhook.silent",
        "webhook",
        N_("Webhook turned off: it took nothing for five days"),
        ("organization",),
        visible_to=ADMINISTRATORS,
        letters=("webhook_silent",),
    ),
    EventKind(
        "bulletin.published",
        "bulletin",
        N_("Monthly bulletin published"),
        ("line", "figures"),
        visible_to=ADMINISTRATORS,
        feed=FeedLine(N_("Monthly bulletin published"), "file-earmark-text", ()),
    ),
    # Of a month that ended before the last one: of a hall that is older than its bulletins, or stood still.
    EventKind(
        "bulletin.added",
        "bulletin",
        N_("Monthly bulletin of an earlier month added"),
        ("line", "figures"),
        visible_to=ADMINISTRATORS,
    ),
    EventKind(
        "demonstration.loaded", "taxonomy", N_("Demonstration data loaded"), ("steps",), visible_to=ADMINISTRATORS
    ),
)
