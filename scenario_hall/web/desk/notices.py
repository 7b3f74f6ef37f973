"""Notices: what the reader was told, by record."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.bounds import whole_number
from scenario_hall.notices.inbox import GROUPS_SHOWN, inbox, notice_of, read_all, read_notice
from scenario_hall.notices.kinds import KINDS, KINDS_BY_NAME
from scenario_hall.notices.letters.table import LETTERS
from scenario_hall.web.kit.addresses import page_number, page_of_this_site
from scenario_hall.web.kit.bell import notice_count
from scenario_hall.web.kit.request import account, database, login_required

pages = Blueprint("notices", __name__, url_prefix="/notices")


@pages.get("/")
@login_required
def index() -> ResponseReturnValue:
    kind, is_unread = request.args.get("kind", ""), request.args.get("show") == "unread"
    kind = kind if kind in KINDS_BY_NAME else ""
    shown = inbox(database(), account().pk, kind=kind, is_unread=is_unread, page=page_number())
    return render_template(
        "desk/notices.html",
        inbox=shown,
        kind=kind,
        kinds=KINDS,
        kinds_by_name=KINDS_BY_NAME,
        is_unread=is_unread,
        letters=LETTERS,
        page=page_number(),
        size=GROUPS_SHOWN,
    )


@pages.get("/<int:notice_id>")
@login_required
def show(notice_id: int) -> ResponseReturnValue:
    """On to the page that the notice is about; it is read then, unless a browser only looks ahead."""
    is_seen = "Sec-Purpose" not in request.headers
    notice = (read_notice if is_seen else notice_of)(database(), account().pk, notice_id)
    return redirect(page_of_this_site(notice.path) or url_for("notices.index"))


@pages.post("/read")
@login_required
def read() -> ResponseReturnValue:
    """All, or all about one record; what came after the page was made stays unread."""
    newest = whole_number(request.form.get("newest", ""))
    read_all(database(), account().pk, about=request.form.get("about", ""), newest=newest)
    flash(_("Marked as read."), "success")
    return redirect(url_for("notices.index", kind=request.args.get("kind"), show=request.args.get("show")))


pages.add_app_template_global(notice_count)
