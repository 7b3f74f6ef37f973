"""Bookmarks: the list, and the button on cards and pages."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.bookmarks.service import bookmarks_of, marks_of, set_bookmark
from scenario_hall.web.kit.addresses import page_of_this_site
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("bookmarks", __name__)
ON_THE_DESK = 5


@pages.get("/bookmarks")
@login_required
def index() -> ResponseReturnValue:
    return render_template("desk/bookmarks.html", rows=bookmarks_of(database(), actor()))


@pages.post("/bookmarks")
@login_required
def mark() -> ResponseReturnValue:
    """Mark or unmark, and go back to the page where the button stood."""
    is_kept = request.form.get("kept") == "1"
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    set_bookmark(actor(), session=database(), kind=kind, key=key, is_kept=is_kept)
    flash(_("Bookmarked.") if is_kept else _("The bookmark was taken off."), "success")
    return redirect(page_of_this_site(request.form.get("back", "")) or url_for("bookmarks.index"))


@pages.app_template_global()
def is_bookmarked(kind: str, record_id: int) -> bool | None:
    """Whether the reader has marked the record; None for visitors, who have no bookmarks."""
    if actor().account_id is None:
        return None
    if "marks" not in g:
        g.marks = marks_of(database(), actor())
    return (kind, record_id) in g.marks


@pages.app_template_global()
def newest_bookmarks() -> object:
    """Kind and record of the reader's newest few."""
    return bookmarks_of(database(), actor(), limit=ON_THE_DESK)
