"""Invitations: to send, to send again, to revoke; and the page to which the letter's link leads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired

from scenario_hall.applications.inviting import invite_supplier
from scenario_hall.core import limits
from scenario_hall.core.policy import ROLE_NAMES, Role, require
from scenario_hall.dossiers.invitation import InvitationDossier, invitation_dossier
from scenario_hall.notices.tokens import INVITATION, read_token
from scenario_hall.organizations import invitations as service
from scenario_hall.organizations.accounts import confirm_email, register_account
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.service import get_organization
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import LOCALES, current_locale
from scenario_hall.web.kit.log_ins import log_in
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import account, actor, database, login_required, settings

pages = Blueprint("invitations", __name__)
SENT = _l("The invitation was sent. Its link is good for 14 days, once.")


class InviteForm(HallForm):
    email = EmailField(
        _l("E-mail"), [DataRequired()], description=_l("The link in the letter is for this address alone.")
    )
    locale = SelectField(_l("Language of the letter"), choices=list(LOCALES.items()))


class ColleagueForm(InviteForm):
    role = SelectField(_l("Role"), default=Role.EDITOR.value)

    def choose(self) -> ColleagueForm:
        self.role.choices = [(key, _(name)) for key, name in ROLE_NAMES.items()]
        return self


class JoinForm(HallForm):
    """A new account for the letter's receiver: the link has shown that the address is theirs."""

    name = StringField(_l("Your name"), [DataRequired()], render_kw={"autocomplete": "name", "maxlength": 100})
    password = PasswordField(
        _l("Password"),
        [DataRequired()],
        description=_l("At least 10 characters; a short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )


@pages.route("/organizations/<int:organization_id>/invitations", methods=["GET", "POST"])
@login_required
def colleague(organization_id: int) -> ResponseReturnValue:
    organization = get_organization(database(), organization_id)
    require(actor(), "manage_members", organization)
    form = ColleagueForm(locale=current_locale()).choose()

    def send() -> service.Invitation:
        return service.invite_colleague(
            actor(),
            session=database(),
            organization=organization,
            email=form.email.data or "",
            role=Role(form.role.data),
            locale=form.locale.data,
        )

    if form.validate_on_submit() and attempt(form, send) is not None:
        flash(SENT, "success")
        return redirect(url_for("organizations.show", organization_id=organization.pk, _anchor="invitations"))
    return render_template("organizations/invite.html", form=form, organization=organization, scenario=None)


@pages.post("/organizations/<int:organization_id>/invitations/<int:invitation_id>")
@login_required
def change(organization_id: int, invitation_id: int) -> ResponseReturnValue:
    organization = get_organization(database(), organization_id)
    action = request.form.get("action", "")
    service.act_on_invitation(
        actor(), session=database(), organization=organization, invitation_id=invitation_id, action=action
    )
    flash(SENT if action == "resend" else _("The invitation was revoked: its link opens nothing now."), "success")
    return redirect(url_for("organizations.show", organization_id=organization.pk, _anchor="invitations"))


@pages.route("/scenarios/<code>/invite", methods=["GET", "POST"])
@login_required
def supplier(code: str) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "invite", scenario)
    form = InviteForm(locale=current_locale())

    def send() -> service.Invitation:
        return invite_supplier(
            actor(), session=database(), scenario=scenario, email=form.email.data or "", locale=form.locale.data
        )

    if form.validate_on_submit() and attempt(form, send) is not None:
        flash(SENT, "success")
        return redirect(url_for("scenarios.show", code=code))
    return render_template(
        "organizations/invite.html", form=form, organization=scenario.organization, scenario=scenario
    )


@pages.route("/invitations/<token>", methods=["GET", "POST"])
def accept(token: str) -> ResponseReturnValue:
    """Who invites to what; whoever is logged in joins by one press, others with a new account or after log-in."""
    pk, number = (int(each) for each in read_token(settings().secret_key, INVITATION, token))
    dossier = invitation_dossier(database(), pk, number)
    form = JoinForm()

    def join() -> Account:
        person = account() if current_user.is_authenticated else _register(form, dossier)
        confirm_email(database(), account_id=person.pk, email=dossier.invitation.email)
        service.accept_invitation(database(), person, pk, number)
        return person

    if current_user.is_authenticated:
        is_addressed = account().email == dossier.invitation.email
        if is_addressed and HallForm().validate_on_submit():
            join()
            return _go_on(dossier)
        return render_template(
            "organizations/invited.html", **fields_of(dossier), form=None, token=token, is_addressed=is_addressed
        )
    if form.validate_on_submit():
        limits.count_attempt(database(), limits.REGISTER_BY_ADDRESS, request.remote_addr or "-")
        person = attempt(form, join)
        if person is not None:
            log_in(person)
            return _go_on(dossier)
    return render_template(
        "organizations/invited.html", **fields_of(dossier), form=form, token=token, is_addressed=True
    )


def _register(form: JoinForm, dossier: InvitationDossier) -> Account:
    return register_account(
        database(),
        email=dossier.invitation.email,
        name=form.name.data,
        password=form.password.data,
        locale=current_locale(),
        is_confirmed=True,
    )


def _go_on(dossier: InvitationDossier) -> ResponseReturnValue:
    if dossier.scenario is None:
        flash(_("You are a member of “%(name)s” now.", name=dossier.organization.name), "success")
        return redirect(url_for("organizations.show", organization_id=dossier.organization.pk))
    flash(_("Welcome. To apply, create your organisation or join it, and list your product."), "success")
    return redirect(url_for("scenarios.show", code=dossier.scenario.code))
