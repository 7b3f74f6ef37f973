"""Tokens for programs: made, shown once, listed, revoked."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from scenario_hall.core.bounds import whole_number
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.tokens import (
    LONGEST_NAME,
    OF_ADMINISTRATORS,
    SCOPE_NAMES,
    ApiToken,
    Scope,
    make_token,
    revoke_token,
    tokens_of,
)
from scenario_hall.web.kit.forms import ChipsField, HallForm, attempt
from scenario_hall.web.kit.request import account, actor, database, login_required, settings
from scenario_hall.web.kit.step_up import step_up

pages = Blueprint("tokens", __name__)
USUAL_DAYS = 90


class TokenForm(HallForm):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=LONGEST_NAME)], description=_l("Of the program that will use it")
    )
    scopes = ChipsField(_l("It may"), [DataRequired()])
    organization = SelectField(
        _l("For the organisation"), description=_l("It acts for this one alone, whichever else you belong to.")
    )
    days = IntegerField(_l("Good for so many days"), [DataRequired()])

    def choose(self) -> TokenForm:
        is_administrator = account().is_administrator
        self.scopes.choices = [
            (scope.value, _(SCOPE_NAMES[scope]))
            for scope in Scope
            if is_administrator or scope not in OF_ADMINISTRATORS
        ]
        mine = [each for membership, each in organizations_of(database(), account().pk) if membership.is_active]
        self.organization.choices = [("", "—"), *((str(each.pk), each.name) for each in mine)]
        return self


@pages.route("/account/tokens", methods=["GET", "POST"])
@login_required
@step_up()
def show() -> ResponseReturnValue:
    longest = settings().token_days
    form = TokenForm(data={"scopes": [Scope.READ], "days": min(USUAL_DAYS, longest)}).choose()
    made = attempt(form, lambda: _make(form, longest)) if form.validate_on_submit() else None
    if made is not None:
        response = make_response(render_template("account/token.html", token=made[0], text=made[1]))
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return render_template(
        "account/tokens.html",
        form=form,
        tokens=tokens_of(database(), account().pk),
        names=SCOPE_NAMES,
        longest=longest,
        organizations=dict(form.organization.choices),
    )


def _make(form: TokenForm, longest: int) -> tuple[ApiToken, str]:
    return make_token(
        actor(),
        session=database(),
        account=account(),
        name=form.name.data,
        scopes=[Scope(each) for each in form.scopes.data],
        organization_id=whole_number(form.organization.data or ""),
        days=form.days.data,
        longest=longest,
    )


@pages.post("/account/tokens/<int:token_id>/revoke")
@login_required
def revoke(token_id: int) -> ResponseReturnValue:
    revoke_token(actor(), session=database(), account=account(), token_id=token_id)
    flash(_("Revoked: it opens nothing any more."), "success")
    return redirect(url_for("tokens.show"))
