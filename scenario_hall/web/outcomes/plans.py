"""Plans of trials and uses: making one, amending a signed one, its milestones; the platform's attestation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.policy import require
from scenario_hall.core.values import Requirement
from scenario_hall.dossiers.plan import PlanDossier, plan_dossier
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.amendments import decide_amendment, get_amendment, propose_amendment
from scenario_hall.outcomes.plan.metrics import RESULT_FIELDS, PlanMetric
from scenario_hall.outcomes.plan.milestones import exempt_milestone, reach_milestone
from scenario_hall.outcomes.plan.models import PLAN_TERMS, PlanAmendment
from scenario_hall.outcomes.plan.service import plan_outcome
from scenario_hall.outcomes.run.attestations import attest
from scenario_hall.outcomes.service import get_outcome
from scenario_hall.web.kit.content_fields import RequirementForm, lines_field, with_spare_lines, written_lines
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import named
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("plans", __name__)


class PlanForm(HallForm):
    kind = SelectField(_l("Kind"), [DataRequired()])
    place = StringField(_l("Place"), [DataRequired(), Length(max=200)])
    platform = SelectField(
        _l("Pilot platform"), description=_l("If one hosts the trial or attests to it; both sides sign this too.")
    )
    platform_role = SelectField(_l("The platform's role"))
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()])
    metrics = lines_field(
        RequirementForm,
        _l("Metrics with thresholds"),
        _l("Taken from the scenario's requirements; change them as agreed."),
    )

    stop_rule = TextAreaField(_l("When must the trial stop?"))
    responsible_supplier = StringField(_l("Person responsible at the supplier"), [Length(max=200)])
    responsible_demand = StringField(_l("Person responsible at the site"), [Length(max=200)])
    safety = TextAreaField(_l("Safety"))
    insurance = TextAreaField(_l("Insurance"))
    dismantling = TextAreaField(_l("Who dismantles it afterwards?"))
    payment = TextAreaField(_l("Who pays what?"))

    def choose(self, dossier: PlanDossier) -> PlanForm:
        self.kind.choices = [(kind.value, named(kind.value)) for kind in OutcomeKind]
        self.platform.choices = [("", "—"), *((str(each.pk), each.name) for each in dossier.platforms)]
        self.platform_role.choices = [(role.value, named(role.value, "platform")) for role in PlatformRole]
        return self

    def terms(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in PLAN_TERMS}

    def plan_metrics(self) -> list[PlanMetric]:
        """The written lines. Raises Invalid."""
        lines = written_lines(self.metrics)
        try:
            return [PlanMetric.of(Requirement.model_validate(line)) for line in lines]
        except ValueError:
            raise Invalid({"metrics": _("Each metric needs a comparison and a matching value.")}) from None


class AmendmentForm(PlanForm):
    """The whole plan as it should be, and why."""

    kind = None
    platform = None
    platform_role = None
    reason = TextAreaField(_l("Why it changes (the other side can read it)"), [DataRequired()])


def load(code: str, action: str = "view") -> Outcome:
    outcome = get_outcome(database(), code)
    require(actor(), "view", outcome)
    require(actor(), action, outcome)
    return outcome


@pages.route("/applications/<code>/plan", methods=["GET", "POST"])
@login_required
def plan(code: str) -> ResponseReturnValue:
    dossier = plan_dossier(database(), actor(), code)
    drafted = [line.model_dump(mode="json") for line in dossier.metrics]
    form = PlanForm(data={"place": dossier.application.scenario.place, "metrics": drafted}).choose(dossier)
    if form.validate_on_submit() and (made := attempt(form, lambda: _make_plan(dossier, form))) is not None:
        flash(_("Planned as %(code)s. Next both sides sign it.", code=made.code), "success")
        return redirect(url_for("outcomes.show", code=made.code))
    if not form.is_submitted():
        with_spare_lines(form.metrics)
    return render_template("outcomes/plan.html", form=form, application=dossier.application)


def _make_plan(dossier: PlanDossier, form: PlanForm) -> Outcome:
    return plan_outcome(
        actor(),
        session=database(),
        application=dossier.application,
        kind=OutcomeKind(form.kind.data),
        place=form.place.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        metrics=form.plan_metrics(),
        terms=form.terms(),
        platform=next((each for each in dossier.platforms if str(each.pk) == form.platform.data), None),
        platform_role=PlatformRole(form.platform_role.data),
    )


@pages.route("/outcomes/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    outcome = load(code, "amend_plan")
    form = filled_with_plan(outcome)
    if form.validate_on_submit() and attempt(form, lambda: _propose(outcome, form)) is not None:
        flash(_("Proposed and signed for your side. It takes effect when the other side signs it."), "success")
        return redirect(url_for("outcomes.show", code=code) + "#amendments")
    if not form.is_submitted():
        with_spare_lines(form.metrics)
    return render_template("outcomes/amend.html", form=form, outcome=outcome)


def filled_with_plan(outcome: Outcome) -> AmendmentForm:
    """The form with the plan in force."""
    lines = [line.model_dump(mode="json", exclude=RESULT_FIELDS) for line in outcome.metric_lines]
    days = {"starts_on": outcome.starts_on, "ends_on": outcome.ends_on}
    return AmendmentForm(data={"place": outcome.place, **days, "metrics": lines, **outcome.plan_terms})


def _propose(outcome: Outcome, form: AmendmentForm) -> PlanAmendment:
    return propose_amendment(
        actor(),
        session=database(),
        outcome=outcome,
        version=form.shown_version(),
        reason=form.reason.data,
        place=form.place.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        metrics=form.plan_metrics(),
        terms=form.terms(),
    )


@pages.post("/outcomes/<code>/amendments/<int:number>/<action>")
@login_required
def decide(code: str, number: int, action: str) -> ResponseReturnValue:
    amendment = get_amendment(database(), load(code, "view_private"), number)
    decide_amendment(
        actor(),
        session=database(),
        amendment=amendment,
        action=action,
        version=HallForm().shown_version(),
        reason=request.form.get("reason", ""),
    )
    flash(_(DONE[action]), "success")
    return redirect(url_for("outcomes.show", code=code) + "#amendments")


@pages.post("/outcomes/<code>/milestones/<name>/<action>")
@login_required
def milestone(code: str, name: str, action: str) -> ResponseReturnValue:
    outcome = load(code, "view_private")
    text = request.form.get("reason", "")
    if action == "reach":
        reach_milestone(actor(), session=database(), outcome=outcome, name=name, note=text)
    elif action == "exempt":
        exempt_milestone(actor(), session=database(), outcome=outcome, name=name, reason=text)
    else:
        raise NotFound()
    flash(_("Saved."), "success")
    return redirect(url_for("outcomes.show", code=code) + "#milestones")


@pages.post("/outcomes/<code>/attestation")
@login_required
def give_attestation(code: str) -> ResponseReturnValue:
    outcome = load(code, "view_private")
    attest(
        actor(),
        session=database(),
        outcome=outcome,
        version=HallForm().shown_version(),
        statement=request.form.get("statement", ""),
    )
    flash(_("Attested. It counts as evidence of these results."), "success")
    return redirect(url_for("outcomes.show", code=code))
