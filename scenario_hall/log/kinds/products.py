"""Kinds of event of products."""

from __future__ import annotations

from scenario_hall.core.texts import N_
from scenario_hall.log.kinds.kind import ALERTING, CHANGE, OWNER, PRODUCTS_CHANGE, TITLE_AND_REASON, EventKind, FeedLine

PRODUCTS = (
    EventKind("product.drafted", "product", N_("Draft started"), ("title",), acts_for=OWNER),
    EventKind("product.saved", "product", N_("Draft saved"), ("fields",), acts_for=OWNER),
    EventKind("product.discarded", "product", N_("Draft deleted"), acts_for=OWNER, erases_words=True),
    EventKind("product.recalled", "product", N_("Taken back by its author"), (*CHANGE, "title"), acts_for=OWNER),
    # One that was delisted leaves the index when it is handed in anew.
    EventKind(
        "product.submitted",
        "product",
        N_("Submitted for review"),
        (*CHANGE, "title"),
        wanted_by=PRODUCTS_CHANGE,
        acts_for=OWNER,
    ),
    EventKind(
        "product.listed",
        "product",
        N_("Listed"),
        (*CHANGE, "title", "revision", "fields"),
        feed=FeedLine(N_("New product listed"), "box-seam"),
        wanted_by=PRODUCTS_CHANGE + ALERTING,
        letters=("product_listed", "product_substance_changed"),
    ),
    EventKind(
        "product.returned",
        "product",
        N_("Returned with reasons"),
        (*CHANGE, "title", "notes"),
        letters=("product_returned",),
    ),
    EventKind(
        "product.amended",
        "product",
        N_("New revision"),
        (*CHANGE, "title", "revision", "fields"),
        feed=FeedLine(N_("Product amended"), "box-seam", TITLE_AND_REASON),
        wanted_by=PRODUCTS_CHANGE + ALERTING,
        letters=("product_substance_changed",),
        acts_for=OWNER,
    ),
    EventKind(
        "product.delisted",
        "product",
        N_("Delisted"),
        (*CHANGE, "title"),
        feed=FeedLine(N_("Product delisted"), "x-circle", TITLE_AND_REASON),
        wanted_by=PRODUCTS_CHANGE,
        acts_for=OWNER,
    ),
    EventKind("product.file_removed", "product", N_("A file was removed"), ("role", "file"), acts_for=OWNER),
    EventKind(
        "product.matched",
        "product",
        N_("Matched with scenarios"),
        ("title", "matches", "rules"),
        feed=FeedLine(N_("Matched with scenarios"), "diagram-3"),
        wanted_by=ALERTING,
    ),
    EventKind(
        "product.invited",
        "product",
        N_("Invited to apply"),
        ("title", "scenario", "product", "opinion", "score", "rules"),
        letters=("product_invited",),
    ),
)
