"""Passkeys: what the browser is asked, making one, renaming, removing. The log-in reads answers as it reads codes."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from scenario_hall.organizations import passkeys as service
from scenario_hall.organizations.passkeys import Purpose
from scenario_hall.web.account.half_way import half_way
from scenario_hall.web.account.second_factor import NewPasskeyForm, codes_page, factors_page
from scenario_hall.web.kit.forms import attempt
from scenario_hall.web.kit.passkeys import party
from scenario_hall.web.kit.request import account, database, login_required, must_have_second_factor
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("passkeys", __name__)


@pages.post("/login/passkey")
def ask_at_log_in() -> ResponseReturnValue:
    """For the browser's script: what a passkey of the person whose password was right is asked."""
    found = half_way()
    if found is None:
        return redirect(url_for("account.login"))
    return _json(service.ask(database(), found[0], party(), Purpose.LOG_IN, session_id=None, address=_address()))


@pages.post("/account/passkeys/ask")
@login_required
def ask_again() -> ResponseReturnValue:
    """The same for an act that asks once more who is there."""
    own = current_user.session_id
    return _json(service.ask(database(), account(), party(), Purpose.PROVE, session_id=own, address=_address()))


@pages.post("/account/passkeys/new")
@login_required
def ask_for_new() -> ResponseReturnValue:
    """What the browser needs to make a passkey. Nothing is kept before ``add``, which asks who is there."""
    own = current_user.session_id
    return _json(service.ask_for_new(database(), account(), party(), session_id=own, address=_address()))


@pages.post("/account/passkeys")
@login_required
@step_up()
def add() -> ResponseReturnValue:
    form = NewPasskeyForm()

    def keep() -> list[str]:
        return service.add_passkey(
            database(),
            account(),
            party(),
            answer=form.answer.data or "",
            name=form.name.data or "",
            session_id=current_user.session_id,
        )

    codes = attempt(form, keep) if form.validate_on_submit() else None
    if codes is None:
        return factors_page(passkey_form=form)
    if codes:
        return codes_page(codes)
    flash(_("Your new passkey is set up."), "success")
    return redirect(url_for("second_factor.show"))


@pages.post("/account/passkeys/<int:passkey_id>/rename")
@login_required
def rename(passkey_id: int) -> ResponseReturnValue:
    service.rename_passkey(database(), account(), passkey_id, name=request.form.get("name", ""))
    flash(_("Saved."), "success")
    return redirect(url_for("second_factor.show"))


@pages.post("/account/passkeys/<int:passkey_id>/remove")
@login_required
@step_up()
def remove(passkey_id: int) -> ResponseReturnValue:
    person = account()
    service.remove_passkey(database(), person, passkey_id, is_required=must_have_second_factor(person))
    flash(_("The passkey opens your account no more."), "info")
    return redirect(url_for("second_factor.show"))


def _address() -> str:
    return request.remote_addr or "-"


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")
