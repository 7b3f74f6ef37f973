"""What the hall holds of me, as a page and as JSON, and closing the account for good."""

from __future__ import annotations

from flask import Blueprint, Response, flash, json, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import BooleanField
from wtforms.validators import DataRequired

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import now
from scenario_hall.organizations.consents import consents_of, set_consent
from scenario_hall.privacy.declaration import DECLARED
from scenario_hall.privacy.erasure import close_account
from scenario_hall.privacy.held import By, Closing
from scenario_hall.privacy.told import held_of
from scenario_hall.web.kit.cookies import DEVICE, take_cookie
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.log_ins import forget_log_in
from scenario_hall.web.kit.request import account, actor, database, login_required, settings
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("my_data", __name__)


class CloseForm(HallForm):
    is_sure = BooleanField(validators=[DataRequired()])


@pages.get("/account/data")
@login_required
def show() -> ResponseReturnValue:
    others = [held for held in DECLARED if held.by is By.OTHERS]
    return render_template(
        "account/data.html",
        held=held_of(database(), account()),
        others=others,
        consents=consents_of(database(), account()),
        Closing=Closing,
    )


@pages.post("/account/consents")
@login_required
def consent() -> ResponseReturnValue:
    """Give one's consent to the wording that the page showed, or take it back."""
    is_given = request.form.get("said") == "yes"
    set_consent(
        actor(),
        session=database(),
        account=account(),
        purpose=request.form.get("purpose", ""),
        version=whole_number(request.form.get("version", "")),
        is_given=is_given,
    )
    flash(_("You have given your consent.") if is_given else _("You have taken your consent back."), "success")
    return redirect(url_for("my_data.show", _anchor="consents"))


@pages.get("/account/data.json")
@login_required
def download() -> ResponseReturnValue:
    """The same for machines, complete."""
    told = {
        "account": current_user.account_id,
        "at": now().isoformat(),
        "consents": [
            {
                "purpose": each.purpose.key,
                "title": _(each.purpose.title),
                "text": _(each.purpose.text),
                "version": each.purpose.version,
                "is_given": each.is_given,
                "given_at": each.said.given_at.isoformat() if each.said else None,
                "given_version": each.said.version if each.said else None,
                "taken_back_at": each.said.withdrawn_at.isoformat() if each.said and each.said.withdrawn_at else None,
            }
            for each in consents_of(database(), account())
        ],
        "held": [
            {
                "table": each.held.table,
                "what": _(each.held.what),
                "purpose": _(each.held.purpose),
                "kept": _(each.held.kept),
                "when_the_account_is_closed": each.held.closing.value,
                "count": len(each.rows),
                "rows": [] if each.held.is_secret else each.rows,
            }
            for each in held_of(database(), account())
        ],
    }
    response = Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@pages.route("/account/close", methods=["GET", "POST"])
@login_required
@step_up()
def close() -> ResponseReturnValue:
    form = CloseForm()

    def leave() -> bool:
        close_account(actor(), session=database(), account=account(), outbox=settings().outbox)
        return True

    if form.validate_on_submit() and attempt(form, leave):
        forget_log_in()
        flash(_("Your account is closed. Thank you for what you did here."), "success")
        response = make_response(redirect(url_for("hall.show")))
        take_cookie(response, DEVICE)
        return response
    return render_template("account/close.html", form=form, declared=DECLARED, Closing=Closing)
