"""Ending sessions: this one's brothers on other devices, one by one or all at once, by whoever has shown again that
they are their owner (OWASP ASVS 5.0, 7.5.2)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from scenario_hall.organizations.sessions import end_all, end_named
from scenario_hall.web.kit.log_ins import log_out
from scenario_hall.web.kit.request import account, actor, database, login_required
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("sessions", __name__)


@pages.post("/account/sessions/<int:session_id>/end")
@login_required
@step_up()
def end(session_id: int) -> ResponseReturnValue:
    if session_id == current_user.session_id:
        log_out()
        flash(_("You are logged out."), "info")
        return redirect(url_for("hall.show"))
    end_named(actor(), session=database(), account=account(), session_id=session_id)
    flash(_("That device is logged out."), "success")
    return redirect(url_for("account.profile"))


@pages.post("/account/sessions/others/end")
@login_required
@step_up()
def end_others() -> ResponseReturnValue:
    end_all(actor(), session=database(), account=account(), but=current_user.session_id)
    flash(_("All other devices are logged out."), "success")
    return redirect(url_for("account.profile"))
