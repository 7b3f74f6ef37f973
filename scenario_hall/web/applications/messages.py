"""A message to the other side of an application."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.applications.messages import send_message
from scenario_hall.applications.service import get_application
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("messages", __name__)


@pages.post("/applications/<code>/messages")
@login_required
def send(code: str) -> ResponseReturnValue:
    application = get_application(database(), code)
    send_message(actor(), session=database(), application=application, text=request.form.get("text", ""))
    flash(_("Sent; the other side has been notified."), "success")
    return redirect(url_for("applications.show", code=code, _anchor="messages"))
