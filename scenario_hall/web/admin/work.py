"""What the worker is behind with and what it could not do, with a button to try again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.log.failures import try_again
from scenario_hall.notices.sender import send_again
from scenario_hall.web.kit.request import administrator_required, database, index, settings
from scenario_hall.worker.health import health_of
from scenario_hall.worker.readers import make_readers

pages = Blueprint("work", __name__, url_prefix="/admin/work")


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    return render_template("admin/work.html", health=health_of(database(), make_readers(settings(), index())))


@pages.post("/failures")
@administrator_required
def retry() -> ResponseReturnValue:
    if not try_again(database(), request.form.get("work", ""), request.form.get("item", "")):
        raise NotFound()
    flash(_("It is tried again at once."), "success")
    return redirect(url_for("work.show"))


@pages.post("/letters/<int:letter_id>")
@administrator_required
def send(letter_id: int) -> ResponseReturnValue:
    if not send_again(database(), letter_id):
        raise NotFound()
    flash(_("It is sent again at once."), "success")
    return redirect(url_for("work.show"))
