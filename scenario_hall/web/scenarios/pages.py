"""Scenarios: the list, the public page, the wizard, actions, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.applications.closing import close_scenario, undecided_applications
from scenario_hall.applications.lifecycle import STANDING
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound, StaleEdit
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.core.values import Requirement
from scenario_hall.matching.likeness import similar_scenarios
from scenario_hall.matching.opinions import opinions_on
from scenario_hall.matching.service import matches_of_scenario
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.lessons import lessons_of
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.quantities.requirements import suggested_requirements
from scenario_hall.scenarios import lifecycle, service
from scenario_hall.scenarios.fields import FIELDS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.questions import cut_off_of, questions_on, takes_questions
from scenario_hall.taxonomy.service import propose_tags
from scenario_hall.web.kit import content_fields as parts
from scenario_hall.web.kit.forms import (
    CURRENCIES,
    ChipsField,
    FilesField,
    HallForm,
    HongKongTimeField,
    WholeSumField,
    WordsField,
    attempt,
)
from scenario_hall.web.kit.language import requirement_text
from scenario_hall.web.kit.names import DONE
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database, login_required, taxonomy
from scenario_hall.web.kit.request import index as search_index
from scenario_hall.web.public.listing import applications_of_scenario, events_of, own_products, search_page
from scenario_hall.web.scenarios.matches import together

pages = Blueprint("scenarios", __name__, url_prefix="/scenarios")


class ProblemStep(HallForm):
    title = StringField(_l("Title"), [DataRequired(), Length(max=200)])
    situation = TextAreaField(_l("What happens today, and what hurts?"))
    wanted_result = TextAreaField(_l("What result is wanted?"))


class PlaceStep(HallForm):
    domains = ChipsField(_l("Domains"))
    tags = ChipsField(_l("Technologies and kinds of places"))
    proposed_tags = WordsField(_l("Something missing? Propose tags"), description=_l("Separated by commas"))
    region = SelectField(_l("Region"))
    place = StringField(_l("Place"), [Length(max=200)])


class RequirementStep(HallForm):
    requirements = parts.lines_field(
        parts.RequirementForm, _l("Requirements"), _l("Measurable lines, e.g. flight time · at least · 40 · min · must")
    )


class SiteStep(HallForm):
    site_data = TextAreaField(_l("Data that the site offers"))
    site_space = TextAreaField(_l("Space"))
    site_airspace = TextAreaField(_l("Airspace"))
    site_access = TextAreaField(_l("Access, power, network, escort"))
    attachments = FilesField(
        _l("Attachments (public)"), description=_l("PDF, pictures, Office files; up to 10 MB each")
    )


class TermsStep(HallForm):
    budget_min = WholeSumField(_l("Budget from"), [Optional()])
    budget_max = WholeSumField(_l("Budget up to"), [Optional()])
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    timetable = TextAreaField(_l("Timetable"))
    deadline = HongKongTimeField(
        _l("Deadline for applications"),
        [Optional()],
        description=_l("Hong Kong time; it closes by the server's clock."),
    )
    contact_name = StringField(_l("Contact"), [Length(max=100)])
    contact_phone = TelField(_l("Telephone"), [Length(max=60)])
    contact_email = EmailField(_l("E-mail"), [Length(max=254)], description=_l("The contact is never public."))


STEPS: dict[str, tuple[str, type[HallForm]]] = {
    "problem": (_l("Problem"), ProblemStep),
    "place": (_l("Field and place"), PlaceStep),
    "requirements": (_l("Requirements"), RequirementStep),
    "site": (_l("Site"), SiteStep),
    "terms": (_l("Terms"), TermsStep),
}


def step_form(name: str, scenario: Scenario | None) -> HallForm:
    """The form of one step, filled from the scenario, its choices in the reader's language."""
    form = STEPS[name][1](obj=scenario)
    if isinstance(form, PlaceStep):
        form.domains.choices = parts.domain_choices()
        form.tags.choices = parts.tag_choices(form.domains.data or ())
        form.region.choices = [("", "—"), *parts.region_choices()]
    if isinstance(form, RequirementStep) and not form.is_submitted():
        parts.with_spare_lines(form.requirements)
    return form


def suggestions_for(scenario: Scenario) -> dict[Requirement, str]:
    """Requirements that the scenario's own text states, no line has and its author has not dropped, each with its
    sentence."""
    read = dict(suggested_requirements(scenario.wanted_result, scenario.situation))
    kept = parts.not_yet(list(read), [*scenario.requirement_lines, *parts.dropped(scenario.code, read)])
    return {line: read[line] for line in kept}


def content_of(form: HallForm, suggested: Sequence[Requirement] = ()) -> dict[str, Any]:
    """What the step's form holds, as the service takes it, with the suggestions that were ticked."""
    left_out = {"csrf_token", "attachments", "reason"}
    content = {field.short_name: field.data for field in form if field.short_name not in left_out}
    if isinstance(form, RequirementStep):
        content["requirements"] = parts.written_lines(form.requirements) + parts.taken(suggested)
    if isinstance(form, TermsStep):
        content["deadline"] = form.deadline.moment
    return {name: "" if value is None and name not in NULLABLE else value for name, value in content.items()}


NULLABLE = {"budget_min", "budget_max", "deadline"}


def load(code: str, action: str = "view") -> Scenario:
    scenario = service.get_scenario(database(), code)
    require(actor(), action, scenario)
    return scenario


@pages.get("/")
def index() -> ResponseReturnValue:
    return render_template("scenarios/index.html", **search_page(kind="scenario"))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    scenario = load(code)
    is_private = can(actor(), "view_private", scenario)
    sees_all = can(actor(), "view_matches", scenario)
    matches = matches_of_scenario(actor(), session=database(), scenario=scenario, top=20)
    steps = [step for step in open_transitions(actor(), scenario) if step.action in ("close", "withdraw")]
    near = matches_of_scenario(actor(), session=database(), scenario=scenario, top=40, near_misses=True)
    return render_template(
        "scenarios/show.html",
        scenario=scenario,
        is_private=is_private,
        files=files_of(database(), "scenario", scenario.pk),
        revisions=service.revisions_of(database(), scenario),
        matches=matches,
        sees_all_matches=sees_all,
        near_misses=near[:10] if sees_all else [],
        groups=together([*matches, *near]) if sees_all else [],
        opinions=opinions_on(database(), scenario) if sees_all else {},
        can_judge=can(actor(), "judge_matches", scenario),
        applications=applications_of_scenario(scenario) if can(actor(), "view_applications", scenario) else [],
        offers=own_products(scenario) if scenario.is_open() else [],
        standing=STANDING,
        questions=questions_on(database(), scenario),
        takes_questions=takes_questions(scenario),
        cut_off=cut_off_of(scenario),
        can_ask=can(actor(), "ask_question", scenario),
        can_answer=can(actor(), "answer_question", scenario),
        steps=steps,
        undecided=undecided_applications(database(), scenario) if steps else [],
        can_amend=can(actor(), "amend", scenario) and scenario.state == lifecycle.RELEASED,
        can_edit=can(actor(), "edit", scenario) and scenario.state in lifecycle.DRAFTING,
        events=events_of("scenario", scenario.pk) if is_private else [],
    )


@pages.get("/<code>/revisions/<int:number>")
def revision(code: str, number: int) -> ResponseReturnValue:
    scenario = load(code)
    found = {each.number: each for each in service.revisions_of(database(), scenario)}
    if number not in found:
        raise NotFound()
    before = found.get(number - 1)
    differences = changes(FIELDS, before.content, found[number].content) if before else []
    return render_template(
        "scenarios/revision.html",
        scenario=scenario,
        revision=found[number],
        before=before,
        changes=shown_changes(differences),
        numbers=sorted(found),
    )


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    form = step_form("problem", None)
    choices = [
        (each.pk, each.name)
        for __, each in organizations_of(database(), actor().account_id or 0)
        if actor().edits(each.pk) and each.demands
    ]
    if not choices:
        flash(_("To post a scenario, first create or join an organisation of the demand side."), "info")
        return redirect(url_for("organizations.index"))
    if form.validate_on_submit():
        organization = database().get_one(Organization, int(request.form.get("organization") or choices[0][0]))
        made = attempt(
            form,
            lambda: service.create_scenario(
                actor(), session=database(), organization=organization, content=content_of(form)
            ),
        )
        if made is not None:
            flash(_("Saved as draft %(code)s.", code=made.code), "success")
            return redirect(url_for("scenarios.edit", code=made.code, step="place"))
    return render_template(
        "scenarios/wizard.html",
        form=form,
        scenario=None,
        step="problem",
        steps=STEPS,
        organizations=choices,
        lacking={},
    )


@pages.route("/<code>/edit/<step>", methods=["GET", "POST"])
@login_required
def edit(code: str, step: str) -> ResponseReturnValue:
    if step not in STEPS:
        raise NotFound()
    scenario = load(code, "edit")
    form = step_form(step, scenario)
    conflict: list[FieldChange] = []
    if request.args.get("suggest") == "all":
        parts.forget_dropped(code)
    suggested = suggestions_for(scenario) if step == "requirements" else {}

    def save() -> Scenario:
        with transaction(database()):
            service.save_draft(
                actor(),
                session=database(),
                scenario=scenario,
                version=form.shown_version(),
                content=content_of(form, list(suggested)),
            )
            if isinstance(form, PlaceStep):
                propose_tags(
                    database(), words=scenario.proposed_tags, subject_kind="scenario", subject_code=scenario.code
                )
            if isinstance(form, SiteStep):
                parts.store_uploads(form.attachments, kind="scenario", subject_id=scenario.pk, role="attachment")
        return scenario

    if form.validate_on_submit():
        try:
            if attempt(form, save, {"files": "attachments"}) is not None:
                parts.drop_unticked(code, list(suggested))
                flash(_("Saved."), "success")
                return redirect(next_step(scenario, step))
        except StaleEdit:
            database().rollback()
            conflict = conflict_of(scenario, content_of(form))
    return render_template(
        "scenarios/wizard.html",
        form=form,
        scenario=scenario,
        step=step,
        steps=STEPS,
        organizations=[],
        lacking=scenario.missing(),
        files=files_of(database(), "scenario", scenario.pk),
        conflict=shown_changes(conflict),
        suggestions=[(line, requirement_text(line), sentence) for line, sentence in suggested.items()],
        dropped=parts.count_dropped(code) if step == "requirements" else 0,
    )


def next_step(scenario: Scenario, step: str) -> str:
    """Where the pressed button leads: the same step, the next, or the preview."""
    names = list(STEPS)
    if request.form.get("go") == "stay":
        return url_for("scenarios.edit", code=scenario.code, step=step)
    place = names.index(step) + 1
    if place < len(names):
        return url_for("scenarios.edit", code=scenario.code, step=names[place])
    return url_for("scenarios.preview", code=scenario.code)


def conflict_of(scenario: Scenario, typed: dict[str, Any]) -> list[FieldChange]:
    """What is stored now beside what was typed, for the fields that differ."""
    stored = {name: getattr(scenario, name) for name in typed}
    return changes(FIELDS, stored, typed)


@pages.get("/<code>/preview")
@login_required
def preview(code: str) -> ResponseReturnValue:
    scenario = load(code, "view_private")
    alike = similar_scenarios(database(), scenario, taxonomy(), search_index(), most=20)
    return render_template(
        "scenarios/preview.html",
        scenario=scenario,
        files=files_of(database(), "scenario", scenario.pk),
        lacking=scenario.missing(),
        steps=STEPS,
        can_edit=can(actor(), "edit", scenario) and scenario.state in lifecycle.DRAFTING,
        alike=alike[:3],
        lessons=lessons_of(database(), alike),
        can_propose=can(actor(), "propose_jointly", scenario),
    )


@pages.post("/<code>/submit")
@login_required
def submit(code: str) -> ResponseReturnValue:
    scenario, form = load(code), HallForm()
    if (
        attempt(
            form,
            lambda: service.submit_scenario(
                actor(), session=database(), scenario=scenario, version=form.shown_version()
            ),
        )
        is None
    ):
        flash(_("Some things are missing before it can be submitted."), "danger")
        return redirect(url_for("scenarios.preview", code=code))
    flash(_(DONE["submit"]), "success")
    return redirect(url_for("scenarios.show", code=code))


class AmendForm(ProblemStep, PlaceStep, RequirementStep, SiteStep, TermsStep):
    reason = TextAreaField(_l("What changes, and why? (everyone reads it)"), [DataRequired()])


@pages.route("/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    scenario = load(code, "amend")
    form = AmendForm(obj=scenario)
    form.domains.choices, form.tags.choices = parts.domain_choices(), parts.tag_choices(form.domains.data or ())
    form.region.choices = [("", "—"), *parts.region_choices()]
    conflict: list[FieldChange] = []
    if form.validate_on_submit():
        try:
            done = attempt(
                form,
                lambda: service.amend_scenario(
                    actor(),
                    session=database(),
                    scenario=scenario,
                    version=form.shown_version(),
                    content=content_of(form),
                    reason=form.reason.data,
                ),
            )
            if done is not None:
                flash(
                    _("Published as revision %(number)s; everyone can compare it.", number=scenario.revision), "success"
                )
                return redirect(url_for("scenarios.show", code=code))
        except StaleEdit:
            database().rollback()
            conflict = conflict_of(scenario, content_of(form))
    elif not form.is_submitted():
        parts.with_spare_lines(form.requirements)
    return render_template("scenarios/amend.html", form=form, scenario=scenario, conflict=shown_changes(conflict))


@pages.post("/<code>/<action>")
@login_required
def act(code: str, action: str) -> ResponseReturnValue:
    scenario = load(code)
    if action not in ("close", "withdraw"):
        raise NotFound()
    version, reason = HallForm().shown_version(), request.form.get("reason", "")
    if action == "close":
        close_scenario(actor(), session=database(), scenario=scenario, version=version, reason=reason)
    else:
        service.end_scenario(
            actor(), session=database(), scenario=scenario, action=action, version=version, reason=reason
        )
    flash(_(DONE[action]), "success")
    return redirect(url_for("scenarios.show", code=code))
