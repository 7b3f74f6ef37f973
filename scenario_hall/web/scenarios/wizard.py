"""Editing one part of a scenario, the preview before submission, amendments. ``writing.py`` has the pages on which a
scenario is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound
from scenario_hall.core.files import files_of
from scenario_hall.core.values import Requirement
from scenario_hall.dossiers.scenario_preview import scenario_preview
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.revisions import FieldChange
from scenario_hall.scenarios import service
from scenario_hall.scenarios.fields import FIELDS, STEPS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.reading import REQUIREMENTS_IN_TEXT
from scenario_hall.web.kit import content_fields
from scenario_hall.web.kit.content_forms import form_class, open_form, written
from scenario_hall.web.kit.drafting import (
    amended_so_far,
    keep_extras,
    save,
    say_amended,
)
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import requirement_text
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.request import actor, database, login_required, taxonomy
from scenario_hall.web.kit.request import index as search_index
from scenario_hall.web.kit.uploads import FilesField
from scenario_hall.web.scenarios.pages import load, pages

# The blueprint, with the routes of this module.
__all__ = ["pages"]

STEP_FIELDS: dict[str, tuple[ContentField, ...]] = {
    step.name: tuple(field for field in FIELDS if field.section == step.name) for step in STEPS
}
FORMS = {name: form_class(fields) for name, fields in STEP_FIELDS.items()}
FORMS["site"] = form_class(
    STEP_FIELDS["site"],
    attachments=FilesField(_l("Attachments (public)"), description=_l("PDF, pictures, Office files; up to 10 MB each")),
)
AmendForm = form_class(
    FIELDS, reason=TextAreaField(_l("What changes, and why? (everyone can read it)"), [DataRequired()])
)


@pages.route("/<code>/edit/<step>", methods=["GET", "POST"])
@login_required
def edit(code: str, step: str) -> ResponseReturnValue:
    if step not in FORMS:
        raise NotFound()
    scenario = load(code, "edit")
    form = open_form(FORMS[step], STEP_FIELDS[step], scenario)
    suggested = suggestions(scenario, step)
    conflict: list[FieldChange] = []
    if form.validate_on_submit():
        content = written(form, STEP_FIELDS[step], list(suggested))
        is_saved, conflict = save(
            form,
            lambda: save_step(form, scenario, content),
            record=scenario,
            typed=content,
            names={"files": "attachments"},
        )
        if is_saved:
            content_fields.drop_unticked(code, list(suggested))
            flash(_("Saved."), "success")
            return redirect(next_step(scenario, step))
    return wizard_page(form, step, scenario=scenario, conflict=conflict, suggested=suggested)


def wizard_page(
    form: HallForm,
    step: str,
    *,
    scenario: Scenario,
    conflict: Sequence[FieldChange] = (),
    suggested: Mapping[Requirement, str] | None = None,
) -> str:
    """One step of the wizard, with what the draft lacks and the requirements read from its text."""
    return render_template(
        "scenarios/wizard.html",
        form=form,
        scenario=scenario,
        step=step,
        steps=STEPS,
        lacking=scenario.missing(),
        files=files_of(database(), "scenario", scenario.pk),
        conflict=conflict,
        suggestions=[(line, requirement_text(line), sentence) for line, sentence in (suggested or {}).items()],
        dropped=content_fields.count_dropped(scenario.code) if step == "requirements" else 0,
    )


def save_step(form: HallForm, scenario: Scenario, content: dict[str, object]) -> Scenario:
    """Save what a step holds, its proposed tags and files with it."""
    with transaction(database()):
        service.save_draft(
            actor(), session=database(), scenario=scenario, version=form.shown_version(), content=content
        )
        keep_extras(form, scenario, files="attachments", role="attachment")
    return scenario


def suggestions(scenario: Scenario, step: str) -> dict[Requirement, str]:
    """Requirements that the scenario's own text states, no line has and its author has not dropped, each with its
    sentence; for the step that asks for requirements."""
    if step != "requirements":
        return {}
    if request.args.get("suggest") == "all":
        content_fields.forget_dropped(scenario.code)
    read = REQUIREMENTS_IN_TEXT.lines(scenario).lines
    kept = content_fields.not_yet(
        list(read), [*scenario.requirement_lines, *content_fields.dropped(scenario.code, read)]
    )
    return {line: read[line] for line in kept}


def next_step(scenario: Scenario, step: str) -> str:
    """Where the pressed button leads: the same step, the next, or the preview."""
    names = [each.name for each in STEPS]
    if request.form.get("go") == "stay":
        return url_for("scenarios.edit", code=scenario.code, step=step)
    place = names.index(step) + 1
    if place < len(names):
        return url_for("scenarios.edit", code=scenario.code, step=names[place])
    return url_for("scenarios.preview", code=scenario.code)


@pages.get("/<code>/preview")
@login_required
def preview(code: str) -> ResponseReturnValue:
    shown = scenario_preview(database(), actor(), code, taxonomy=taxonomy(), index=search_index())
    return render_template("scenarios/preview.html", **vars(shown))


@pages.post("/<code>/submit")
@login_required
def submit(code: str) -> ResponseReturnValue:
    scenario, form = load(code), HallForm()
    done = attempt(
        form,
        lambda: service.submit_scenario(actor(), session=database(), scenario=scenario, version=form.shown_version()),
    )
    if done is None:
        flash(_("Some things are missing before it can be submitted."), "danger")
        return redirect(url_for("scenarios.preview", code=code))
    flash(_(DONE["submit"]), "success")
    return redirect(url_for("scenarios.show", code=code))


@pages.route("/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    scenario = load(code, "amend")
    proposed, values = amended_so_far(scenario)
    form, number = open_form(AmendForm, FIELDS, scenario, values), scenario.revision
    conflict: list[FieldChange] = []
    if form.validate_on_submit():
        content = written(form, FIELDS)
        is_saved, conflict = save(
            form,
            lambda: service.amend_scenario(
                actor(),
                session=database(),
                scenario=scenario,
                version=form.shown_version(),
                content=content,
                reason=form.reason.data,
            ),
            record=scenario,
            typed=content,
        )
        if is_saved:
            say_amended(scenario, number)
            return redirect(url_for("scenarios.show", code=code))
    return render_template("scenarios/amend.html", form=form, scenario=scenario, conflict=conflict, proposed=proposed)
