"""The register of people's requests about their data."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from scenario_hall.core.clock import local_today
from scenario_hall.privacy import requests as service
from scenario_hall.privacy.models import PersonRequest
from scenario_hall.privacy.requests import KINDS
from scenario_hall.taxonomy.jurisdictions import JURISDICTION_NAMES
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.request import actor, administrator_required, database

pages = Blueprint("person_requests", __name__, url_prefix="/admin/requests")


class RequestForm(HallForm):
    person = StringField(_l("Who asks, and how to reach them"), [DataRequired(), Length(max=300)])
    place = SelectField(_l("Where they live"))
    kind = SelectField(_l("What they ask for"))
    wanted = TextAreaField(_l("In their words"))
    received_on = DateField(_l("Received on"), [DataRequired()])

    def choose(self) -> RequestForm:
        self.place.choices = [(key, _(name)) for key, name in JURISDICTION_NAMES.items()]
        self.kind.choices = [(key, _(name)) for key, name in KINDS.items()]
        return self


@pages.route("/", methods=["GET", "POST"])
@administrator_required
def show() -> ResponseReturnValue:
    form = RequestForm(received_on=local_today()).choose()

    def enter() -> PersonRequest:
        return service.enter_request(
            actor(),
            session=database(),
            person=form.person.data,
            place=form.place.data,
            kind=form.kind.data,
            wanted=form.wanted.data or "",
            received_on=form.received_on.data,
        )

    if form.validate_on_submit() and attempt(form, enter) is not None:
        flash(_("Saved."), "success")
        return redirect(url_for("person_requests.show"))
    return render_template(
        "admin/requests.html",
        form=form,
        rows=service.requests_of(database()),
        today=local_today(),
        kinds=KINDS,
        places=JURISDICTION_NAMES,
        periods=service.ANSWERED_WITHIN.values(),
    )


@pages.post("/<int:request_id>")
@administrator_required
def answer(request_id: int) -> ResponseReturnValue:
    service.answer_request(
        actor(),
        session=database(),
        request_id=request_id,
        answer=request.form.get("answer", ""),
        is_refused=request.form.get("refused") == "1",
    )
    flash(_("Answered."), "success")
    return redirect(url_for("person_requests.show"))
