"""The second factor: the code after the password, setting it up, recovery codes, doing without."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired

from scenario_hall.core.errors import Denied
from scenario_hall.organizations import second_factor as service
from scenario_hall.organizations.passkey_tables import LONGEST_NAME, has_passkey, passkeys_of
from scenario_hall.organizations.passkeys import NEEDED, Purpose
from scenario_hall.organizations.relying_party import relying_party
from scenario_hall.web.account.half_way import half_way
from scenario_hall.web.kit.addresses import next_page
from scenario_hall.web.kit.devices import know_device
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.log_ins import log_in
from scenario_hall.web.kit.passkeys import ANSWER, check_answer, may_answer
from scenario_hall.web.kit.refusals import tell_log_in, tell_refused_log_in
from scenario_hall.web.kit.request import account, database, login_required, must_have_second_factor, settings
from scenario_hall.web.kit.step_up import CodeForm, step_up

pages = Blueprint("second_factor", __name__)


class NewPasskeyForm(HallForm):
    name = StringField(
        _l("Name of the device"),
        [DataRequired()],
        description=_l("Such as “office laptop”; it stands in the list of your passkeys."),
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    answer = HiddenField()


class FirstCodeForm(HallForm):
    code = StringField(
        _l("Code that the app shows"),
        [DataRequired()],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


@pages.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_page(otherwise="desk.show"))
    found = half_way()
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

    if ANSWER in request.form:
        is_let_in = attempt(form, lambda: check_answer(person, Purpose.LOG_IN))
    else:
        is_let_in = attempt(form, check) if form.validate_on_submit() else None
    shown = "password and passkey" if ANSWER in request.form else "password and code"
    if is_let_in:
        log_in(person, is_remembered=is_remembered)
        tell_log_in(person.pk, shown)
        return know_device(make_response(redirect(next_page(otherwise="desk.show"))), person)
    if request.method == "POST":
        tell_refused_log_in(shown, person.pk)
    return render_template(
        "account/code.html",
        form=form,
        next=request.values.get("next", ""),
        has_app=service.second_factor_of(database(), person.pk) is not None,
        may_answer=may_answer(person),
    )


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

    codes = attempt(form, confirm) if form.validate_on_submit() else None
    if codes:
        return codes_page(codes)
    if codes is not None:
        flash(_("Your authenticator app is set up."), "success")
        return redirect(url_for("second_factor.show"))
    return factors_page(form=form)


def factors_page(*, form: FirstCodeForm | None = None, passkey_form: NewPasskeyForm | None = None) -> str:
    """The account's second factors, with a form that was sent and could not be done."""
    person = account()
    enrolment = service.pending_enrolment(database(), person, settings().secret_key)
    return render_template(
        "account/second_factor.html",
        form=form or FirstCodeForm(formdata=None),
        passkey_form=passkey_form or NewPasskeyForm(formdata=None),
        factor=service.second_factor_of(database(), person.pk),
        passkeys=passkeys_of(database(), person.pk),
        party=relying_party(settings().base_url),
        enrolment=enrolment,
        picture=segno.make_qr(enrolment.address).svg_data_uri(scale=4, light="white") if enrolment else "",
        codes_left=service.recovery_codes_left(database(), person.pk),
        is_required=must_have_second_factor(person),
    )


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
    return codes_page(service.new_recovery_codes(database(), account()))


@pages.post("/account/second-factor/remove")
@login_required
@step_up()
def remove() -> ResponseReturnValue:
    person = account()
    keeps_passkey = has_passkey(database(), person.pk)
    if must_have_second_factor(person) and not keeps_passkey:
        raise Denied(NEEDED)
    service.remove_second_factor(database(), person)
    flash(
        _("Your account asks for a passkey alone now.")
        if keeps_passkey
        else _("Your password alone opens your account now."),
        "info",
    )
    return redirect(url_for("second_factor.show"))


def codes_page(codes: list[str]) -> ResponseReturnValue:
    """The recovery codes, shown this once."""
    response = make_response(render_template("account/recovery_codes.html", codes=codes))
    response.headers["Cache-Control"] = "private, no-store"
    return response
