"""Webhooks: those of an organisation and of the hall, one with what was sent to it, and what can be done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, SelectField, StringField, URLField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.core.errors import NotFound
from scenario_hall.dossiers.webhooks import WebhookPage, webhook_page, webhooks_page
from scenario_hall.log.key_ring import key_ring
from scenario_hall.log.subjects import SUBJECT_NAMES
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.web.kit.forms import ChipsField, HallForm, attempt
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.request import actor, administrator_required, database, login_required, settings, taxonomy
from scenario_hall.webhooks import asking, service
from scenario_hall.webhooks.content import FOLLOWED
from scenario_hall.webhooks.models import (
    DELIVERY_NAMES,
    FORMAT_NAMES,
    HOOK_STATE_NAMES,
    LONGEST_NAME,
    PURPOSE_NAMES,
    READING_NAMES,
    Format,
    Reading,
    WebhookEndpoint,
)
from scenario_hall.webhooks.sending import FAULT_NAMES, LONGEST_URL

pages = Blueprint("webhooks", __name__)


class FiltersForm(HallForm):
    name = StringField(_l("Name"), [DataRequired(), Length(max=LONGEST_NAME)])
    reading = SelectField(_l("What it is told of"))
    kinds = ChipsField(_l("Kinds of entries"), description=_l("None chosen: all that the organisation may see."))
    regions = ChipsField(
        _l("Region"), description=_l("Of the record; of an application or a trial that of its scenario.")
    )
    domains = ChipsField(_l("Domain"))

    def choose(self) -> FiltersForm:
        locale = current_locale()
        self.reading.choices = [(each.value, _(READING_NAMES[each])) for each in Reading]
        self.kinds.choices = [
            (kind.name, f"{_(SUBJECT_NAMES[kind.subject])} · {_(kind.title)}") for kind in FOLLOWED.values()
        ]
        self.regions.choices = [(each.code, each.name(locale)) for each in REGIONS]
        self.domains.choices = [(tag.slug, tag.name(locale)) for tag in taxonomy().domains()]
        return self

    def wanted(self) -> service.Wanted:
        return service.Wanted(
            name=self.name.data,
            reading=Reading(self.reading.data) if self.reading.data in list(Reading) else Reading.ALL,
            kinds=self.kinds.data,
            regions=self.regions.data,
            domains=self.domains.data,
        )


class NewWebhookForm(FiltersForm):
    format = SelectField(_l("Kind of receiver"))
    url = URLField(
        _l("Address"),
        [DataRequired(), Length(max=LONGEST_URL)],
        description=_l("It begins with https://. Of a robot the address that its group's settings show."),
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )
    secret = PasswordField(
        _l("Secret of the robot"),
        description=_l("Only for robots of DingTalk and Feishu that ask for signatures."),
        render_kw={"autocomplete": "off"},
    )

    def choose(self) -> NewWebhookForm:
        super().choose()
        self.format.choices = [(each.value, _(FORMAT_NAMES[each])) for each in Format]
        return self


class ChangeWebhookForm(FiltersForm):
    url = URLField(
        _l("Another address"),
        [Optional(), Length(max=LONGEST_URL)],
        description=_l("Left empty, the address stays. Another one is asked its challenge first."),
        render_kw={"autocomplete": "off", "inputmode": "url"},
    )


class ReplayForm(HallForm):
    since = DateField(_l("Everything since"), [Optional()])


class CodeForm(HallForm):
    code = StringField(_l("Code that the robot has shown"), [DataRequired()], render_kw={"autocomplete": "off"})


class SecretForm(HallForm):
    secret = PasswordField(_l("Secret that the robot has now"), render_kw={"autocomplete": "off"})


@pages.route("/organizations/<int:organization_id>/webhooks", methods=["GET", "POST"])
@login_required
def of_organization(organization_id: int) -> ResponseReturnValue:
    return _index(organization_id)


@pages.route("/admin/webhooks", methods=["GET", "POST"])
@administrator_required
def of_hall() -> ResponseReturnValue:
    return _index(None)


def _index(organization_id: int | None) -> ResponseReturnValue:
    page = webhooks_page(database(), actor(), organization_id, key_ring(database(), settings()))
    form = NewWebhookForm().choose()
    if organization_id is None:
        del form.reading

    def make() -> tuple[WebhookEndpoint, str]:
        return service.make_endpoint(
            actor(),
            session=database(),
            secret_key=settings().secret_key,
            ports=frozenset(settings().webhook_ports),
            organization=page.organization,
            url=form.url.data,
            wanted=_wanted(form),
            format_=Format(form.format.data),
            robot_secret=form.secret.data or "",
        )

    made = attempt(form, make) if form.validate_on_submit() else None
    if made is not None:
        flash(_("Made. It is asked its challenge now; nothing else is sent before it has answered."), "success")
        return _secret_page(*made) if made[1] else redirect(url_for("webhooks.show", webhook_id=made[0].pk))
    return render_template(
        "organizations/webhooks.html", page=page, form=form, states=HOOK_STATE_NAMES, formats=FORMAT_NAMES
    )


def _wanted(form: FiltersForm) -> service.Wanted:
    """Of the hall, which has no records of its own, everything is read."""
    if "reading" in form:
        return form.wanted()
    told: dict[str, Any] = {name: form[name].data for name in ("name", "kinds", "regions", "domains")}
    return service.Wanted(reading=Reading.ALL, **told)


def _secret_page(endpoint: WebhookEndpoint, secret: str) -> ResponseReturnValue:
    """The secret, shown this once."""
    response = make_response(render_template("organizations/webhook_secret.html", endpoint=endpoint, secret=secret))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.route("/webhooks/<int:webhook_id>", methods=["GET", "POST"])
@login_required
def show(webhook_id: int) -> ResponseReturnValue:
    page = webhook_page(database(), actor(), webhook_id, settings().secret_key)
    form = ChangeWebhookForm(obj=page.endpoint, url="" if request.method == "GET" else None).choose()
    if page.organization is None:
        del form.reading
    if form.validate_on_submit() and attempt(form, lambda: _change(form, page.endpoint)) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("webhooks.show", webhook_id=webhook_id))
    return _drawn(page, form=form)


def _change(form: ChangeWebhookForm, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return service.change_endpoint(
        actor(),
        session=database(),
        secret_key=settings().secret_key,
        ports=frozenset(settings().webhook_ports),
        endpoint=endpoint,
        version=form.shown_version(),
        wanted=_wanted(form),
        url=form.url.data or None,
    )


def _drawn(page: WebhookPage, *, form: ChangeWebhookForm, code_form: CodeForm | None = None) -> str:
    return render_template(
        "organizations/webhook.html",
        page=page,
        form=form,
        code_form=code_form or CodeForm(formdata=None),
        replay_form=ReplayForm(formdata=None),
        secret_form=SecretForm(formdata=None),
        states=HOOK_STATE_NAMES,
        formats=FORMAT_NAMES,
        purposes=PURPOSE_NAMES,
        results=DELIVERY_NAMES,
        faults=FAULT_NAMES,
        kinds={kind.name: kind for kind in FOLLOWED.values()},
        subjects=SUBJECT_NAMES,
    )


@pages.post("/webhooks/<int:webhook_id>/<action>")
@login_required
def act(webhook_id: int, action: str) -> ResponseReturnValue:
    endpoint = service.endpoint_of(database(), actor(), webhook_id)
    back = url_for("webhooks.show", webhook_id=webhook_id)
    version = HallForm().shown_version()
    if action in ("pause", "resume"):
        service.pause_endpoint(
            actor(), session=database(), endpoint=endpoint, version=version, is_paused=action == "pause"
        )
        flash(
            _("Paused: the log keeps what comes.") if action == "pause" else _("It goes on where it stopped."),
            "success",
        )
    elif action == "challenge":
        asking.send_challenge(database(), endpoint)
        flash(_("A new challenge is sent at once."), "success")
    elif action == "test":
        asking.send_test(database(), endpoint)
        flash(_("A test is sent at once. In a moment you see below how it ended."), "success")
    elif action == "delete":
        back = _list_of(endpoint)
        service.delete_endpoint(actor(), session=database(), endpoint=endpoint, version=version)
        flash(_("Deleted, with what was sent to it."), "success")
    else:
        raise NotFound()
    return redirect(back)


def _list_of(endpoint: WebhookEndpoint) -> str:
    if endpoint.organization_id is None:
        return url_for("webhooks.of_hall")
    return url_for("webhooks.of_organization", organization_id=endpoint.organization_id)


@pages.post("/webhooks/<int:webhook_id>/secret")
@login_required
def renew_secret(webhook_id: int) -> ResponseReturnValue:
    endpoint = service.endpoint_of(database(), actor(), webhook_id)
    form = SecretForm()
    secret = service.renew_secret(
        actor(),
        session=database(),
        secret_key=settings().secret_key,
        endpoint=endpoint,
        version=form.shown_version(),
        robot_secret=form.secret.data or "",
    )
    if secret:
        return _secret_page(endpoint, secret)
    flash(_("Saved."), "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))


@pages.post("/webhooks/<int:webhook_id>/confirm")
@login_required
def confirm(webhook_id: int) -> ResponseReturnValue:
    page = webhook_page(database(), actor(), webhook_id, settings().secret_key)
    form = CodeForm()

    def take() -> WebhookEndpoint:
        return service.confirm_robot(actor(), session=database(), endpoint=page.endpoint, code=form.code.data)

    if form.validate_on_submit() and attempt(form, take) is not None:
        flash(_("The group is told from now on."), "success")
        return redirect(url_for("webhooks.show", webhook_id=webhook_id))
    filters = ChangeWebhookForm(formdata=None, obj=page.endpoint, url="").choose()
    if page.organization is None:
        del filters.reading
    return _drawn(page, form=filters, code_form=form)


@pages.post("/webhooks/<int:webhook_id>/replay")
@login_required
def replay(webhook_id: int) -> ResponseReturnValue:
    endpoint = service.endpoint_of(database(), actor(), webhook_id)
    form = ReplayForm()
    if not form.validate_on_submit():
        flash(_("Give a day, or none to leave out what waits."), "warning")
        return redirect(url_for("webhooks.show", webhook_id=webhook_id))
    asking.replay(database(), endpoint, form.since.data)
    flash(_("It goes on from there, in order.") if form.since.data else _("It begins with what comes now."), "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))


@pages.post("/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>")
@login_required
def send_again(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    endpoint = service.endpoint_of(database(), actor(), webhook_id)
    asking.send_again(database(), endpoint, delivery_id)
    flash(_("It is sent again at once, with the same id."), "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id, _anchor="sent"))
