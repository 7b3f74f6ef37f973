"""Posting a scenario in three pages: the text, the hall's reading of it beside the text, the preview."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from scenario_hall.core.db import transaction
from scenario_hall.core.files import files_of
from scenario_hall.organizations.models import Organization
from scenario_hall.publishing.content import values_of
from scenario_hall.publishing.revisions import FieldChange
from scenario_hall.scenarios import service
from scenario_hall.scenarios.fields import FIELDS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.prose import scenario_in
from scenario_hall.web.kit.content_forms import form_class, open_form, written
from scenario_hall.web.kit.drafting import choices_of, chosen_organization, keep_extras, own_organizations, save
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.request import account, actor, database, login_required, taxonomy
from scenario_hall.web.kit.text_forms import TextForm, old_records, stated
from scenario_hall.web.kit.uploads import FilesField, forget_uploads
from scenario_hall.web.scenarios.pages import load, pages

# The blueprint, with the routes of this module.
__all__ = ["pages"]

# What a copy of an old scenario does not take over.
NOT_COPIED = ("deadline", "proposed_tags")
ReadForm = form_class(
    FIELDS,
    attachments=FilesField(_l("Attachments (public)"), description=_l("PDF, pictures, Office files; up to 10 MB each")),
)


class StartForm(TextForm):
    title = StringField(_l("Title"), [Length(max=200)])
    situation = TextAreaField(_l("What is the situation today, and what problems does it cause?"))
    wanted_result = TextAreaField(_l("What result do you want?"))


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    owners = own_organizations(lambda each: each.demands)
    if not owners:
        flash(_("To post a scenario, first create or join an organisation on the demand side."), "info")
        return redirect(url_for("organizations.index"))
    old = old_records(database(), actor(), Scenario)
    form = StartForm(like=request.args.get("like", "")).choose(old)
    made = attempt(form, lambda: _start(form, chosen_organization(owners), old)) if form.validate_on_submit() else None
    if made is not None:
        forget_uploads(form.document)
        flash(_("Saved as draft %(code)s. Please check what was read from your text.", code=made.code), "success")
        return redirect(url_for("scenarios.reading", code=made.code))
    return render_template("scenarios/start.html", form=form, organizations=choices_of(owners))


def _start(form: StartForm, owner: Organization, old: list[Scenario]) -> Scenario:
    """A draft with what the old one and the text say, the person as its contact and the organisation's region."""
    like = next((each for each in old if each.code == form.like.data), None)
    text = form.whole_text()
    written_apart = {name: (form[name].data or "").strip() for name in ("title", "situation", "wanted_result")}
    typed = {name: text for name, text in written_apart.items() if text}
    read = scenario_in(text or "\n".join(typed.values()), taxonomy()) if text or typed else {}
    person = account()
    known: dict[str, Any] = {"contact_name": person.name, "contact_email": person.email, "region": owner.region}
    kept = values_of(FIELDS, like.content()) if like is not None else {}
    kept = {name: value for name, value in kept.items() if name not in NOT_COPIED}
    content = {**known, **stated(kept), **stated(read), **typed}
    if typed and not text:  # what was written field by field stays where it was written
        content |= written_apart
    return service.create_scenario(actor(), session=database(), organization=owner, content=content)


@pages.route("/<code>/reading", methods=["GET", "POST"])
@login_required
def reading(code: str) -> ResponseReturnValue:
    """The whole draft on one page: its text, and beside it what was read from it."""
    scenario = load(code, "edit")
    form, conflict = open_form(ReadForm, FIELDS, scenario), list[FieldChange]()
    if form.validate_on_submit():
        content = written(form, FIELDS)
        is_saved, conflict = save(
            form, lambda: _keep(form, scenario, content), record=scenario, typed=content, names={"files": "attachments"}
        )
        if is_saved:
            return redirect(url_for("scenarios.preview", code=code))
    files = files_of(database(), "scenario", scenario.pk)
    return render_template("scenarios/reading.html", form=form, scenario=scenario, conflict=conflict, files=files)


def _keep(form: HallForm, scenario: Scenario, content: dict[str, Any]) -> Scenario:
    version = form.shown_version()
    with transaction(database()):
        service.save_draft(actor(), session=database(), scenario=scenario, version=version, content=content)
        keep_extras(form, scenario, files="attachments", role="attachment")
    return scenario
