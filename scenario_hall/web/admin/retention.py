"""What of people's data was let go, and when; words that are taken out of the log."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.privacy.declaration import DECLARED
from scenario_hall.privacy.held import Closing
from scenario_hall.privacy.retention import RULES, runs_of
from scenario_hall.privacy.words import erase_line
from scenario_hall.web.kit.request import actor, administrator_required, database, settings
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("retention", __name__, url_prefix="/admin/retention")


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template(
        "admin/retention.html", rules=RULES, runs=runs_of(database()), declared=DECLARED, Closing=Closing
    )


@pages.post("/words/<int:line>")
@administrator_required
@step_up()
def erase_words(line: int) -> ResponseReturnValue:
    """Take out what a line of the log says in words."""
    erase_line(actor(), session=database(), line_id=line, outbox=settings().outbox)
    flash(_("The words of line %(line)s are erased; the log says that they were.", line=line), "success")
    return redirect(url_for("admin.log", before=line + 1))
