"""The second factor: the code after the password, setting it up, recovery codes, doing without."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import DataRequired

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied
from scenario_hall.core.texts import N_
from scenario_hall.organizations import second_factor as service
from scenario_hall.organizations.models import Account
from scenario_hall.web.kit.addresses import next_page
from scenario_hall.web.kit.devices import know_device
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.log_ins import log_in
from scenario_hall.web.kit.request import account, database, login_required, must_have_second_factor, settings
from scenario_hall.web.kit.step_up import CodeForm, step_up

pages = Blueprint("second_factor", __name__)
HALF_WAY, HALF_WAY_SECONDS = "half-way", 600  # after the password, before the code


class FirstCodeForm(HallForm):
    code = StringField(
        _l("Code that the app shows"),
        [DataRequired()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


def ask_for_code(person: Account, *, is_remembered: bool) -> ResponseReturnValue:
    """The password was right: go on to the code. The signed cookie keeps whose, for ten minutes or until the password
    changes."""
    session[HALF_WAY] = [person.pk, person.session_generation, int(now().timestamp()), is_remembered]
    return redirect(url_for("second_factor.code", next=request.values.get("next") or None))


@pages.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_page(otherwise="desk.show"))
    found = _half_way()
    if found is None:
        flash(_("Please log in to continue."), "info")
        return redirect(url_for("account.login"))
    person, is_remembered = found
    form = CodeForm()

    def check() -> bool:
        service.check_code(
            database(), person, settings().secret_key, code=form.code.data, address=request.remote_addr or "-"
        )
        return True

    if form.validate_on_submit() and attempt(form, check):
        log_in(person, is_remembered=is_remembered)
        return know_device(make_response(redirect(next_page(otherwise="desk.show"))), person)
    return render_template("account/code.html", form=form, next=request.values.get("next", ""))


def _half_way() -> tuple[Account, bool] | None:
    """Whose password was shown just now on this browser, and whether they want to stay logged in."""
    kept = session.get(HALF_WAY)
    if kept is None or now().timestamp() - kept[2] > HALF_WAY_SECONDS:
        return None
    person = database().get(Account, kept[0])
    if person is None or not person.is_active or person.session_generation != kept[1]:
        return None
    return person, bool(kept[3])


@pages.route("/account/second-factor", methods=["GET", "POST"])
@login_required
def show() -> ResponseReturnValue:
    form = FirstCodeForm()

    def confirm() -> list[str]:
        return service.confirm_enrolment(
            database(),
            account(),
            settings().secret_key,
            code=form.code.data,
            keep_session=current_user.session_id,
        )

    if form.validate_on_submit() and (codes := attempt(form, confirm)) is not None:
        return _codes_page(codes)
    return render_template("account/second_factor.html", form=form, **_shown())


def _shown() -> dict[str, Any]:
    person = account()
    enrolment = service.pending_enrolment(database(), person, settings().secret_key)
    return {
        "factor": service.second_factor_of(database(), person.pk),
        "enrolment": enrolment,
        "picture": segno.make_qr(enrolment.address).svg_data_uri(scale=4, light="white") if enrolment else "",
        "codes_left": service.recovery_codes_left(database(), person.pk),
        "is_required": must_have_second_factor(person),
    }


@pages.post("/account/second-factor/begin")
@login_required
@step_up()
def begin() -> ResponseReturnValue:
    service.begin_enrolment(database(), account(), settings().secret_key)
    return redirect(url_for("second_factor.show"))


@pages.post("/account/second-factor/codes")
@login_required
@step_up()
def make_codes() -> ResponseReturnValue:
    return _codes_page(service.new_recovery_codes(database(), account()))


@pages.post("/account/second-factor/remove")
@login_required
@step_up()
def remove() -> ResponseReturnValue:
    if must_have_second_factor(account()):
        raise Denied(N_("Administrators of this hall log in with a second factor."))
    service.remove_second_factor(database(), account())
    flash(_("Your password alone opens your account now."), "info")
    return redirect(url_for("second_factor.show"))


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    response = make_response(render_template("account/recovery_codes.html", codes=codes))
    response.headers["Cache-Control"] = "private, no-store"
    return response
