"""An organisation's shared mailbox: entered by who manages its members, confirmed and stopped from its letters."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.validators import DataRequired

from scenario_hall.core.policy import require
from scenario_hall.notices.tokens import MAILBOX, STOP_MAILBOX, read_token
from scenario_hall.organizations import mailboxes as service
from scenario_hall.organizations.service import get_organization
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import LOCALES, current_locale
from scenario_hall.web.kit.request import actor, database, login_required, settings

pages = Blueprint("mailboxes", __name__, url_prefix="/organizations")


class MailboxForm(HallForm):
    email = EmailField(
        _l("E-mail"), [DataRequired()], description=_l("A letter goes there first: its link has to be opened.")
    )
    locale = SelectField(_l("Language of the letters"), choices=list(LOCALES.items()))


@pages.route("/<int:organization_id>/mailbox", methods=["GET", "POST"])
@login_required
def edit(organization_id: int) -> ResponseReturnValue:
    organization = get_organization(database(), organization_id)
    require(actor(), "manage_members", organization)
    mailbox = service.mailbox_of(database(), organization)
    form = MailboxForm(
        email=mailbox.email if mailbox is not None else "",
        locale=mailbox.locale if mailbox is not None else current_locale(),
    )

    def enter() -> service.SharedMailbox:
        return service.set_mailbox(
            actor(),
            session=database(),
            organization=organization,
            email=form.email.data or "",
            locale=form.locale.data,
        )

    if request.form.get("remove") == "1" and HallForm().validate_on_submit():
        service.remove_mailbox(actor(), session=database(), organization=organization)
        flash(_("No more letters go there."), "success")
        return redirect(url_for("mailboxes.edit", organization_id=organization.pk))
    if form.validate_on_submit() and attempt(form, enter) is not None:
        flash(_("A letter was sent there. Letters follow once its link was opened."), "success")
        return redirect(url_for("mailboxes.edit", organization_id=organization.pk))
    return render_template("organizations/mailbox.html", form=form, organization=organization, mailbox=mailbox)


@pages.route("/mailbox/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Programs that look at links in letters confirm nothing: the button does. Nobody need log in."""
    organization_id, number = read_token(settings().secret_key, MAILBOX, token)
    is_done = HallForm().validate_on_submit()
    if is_done:
        service.confirm_mailbox(database(), int(organization_id), int(number))
    organization = get_organization(database(), int(organization_id))
    return render_template("organizations/mailbox_link.html", organization=organization, is_done=is_done, stops=False)


@pages.get("/mailbox/stop/<token>")
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Only asks (RFC 8058, section 1)."""
    organization_id, _number = read_token(settings().secret_key, STOP_MAILBOX, token)
    organization = get_organization(database(), int(organization_id))
    return render_template(
        "organizations/mailbox_link.html", organization=organization, is_done=False, stops=True, token=token
    )


@pages.post("/mailbox/stop/<token>")
def stop(token: str) -> ResponseReturnValue:
    """The mail program's one click, or the button of the page; signed, so nobody need log in."""
    organization_id, number = read_token(settings().secret_key, STOP_MAILBOX, token)
    service.stop_mailbox(database(), int(organization_id), int(number))
    organization = get_organization(database(), int(organization_id))
    return render_template(
        "organizations/mailbox_link.html", organization=organization, is_done=True, stops=True, token=token
    )
