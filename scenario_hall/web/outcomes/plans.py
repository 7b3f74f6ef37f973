"""Plans of trials and uses: making one, amending a signed one, its milestones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.applications.service import get_application
from scenario_hall.core.clock import local_today
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import open_transitions, require
from scenario_hall.core.values import Requirement
from scenario_hall.organizations.pilot_platforms import pilot_platforms
from scenario_hall.outcomes.models import Outcome, OutcomeKind, PlatformRole
from scenario_hall.outcomes.plan.amendments import amendments_of, decide_amendment, get_amendment, propose_amendment
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.milestones import exempt_milestone, overdue_milestones, reach_milestone
from scenario_hall.outcomes.plan.models import PLAN_TERMS, PlanAmendment
from scenario_hall.outcomes.plan.service import draft_metrics, plan_outcome
from scenario_hall.outcomes.run.attestations import attest
from scenario_hall.outcomes.service import get_outcome
from scenario_hall.web.kit import content_fields as parts
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import named, requirement_text
from scenario_hall.web.kit.names import DONE
from scenario_hall.web.kit.request import actor, administrator_required, database, login_required

pages = Blueprint("plans", __name__)


class PlanForm(HallForm):
    kind = SelectField(_l("Kind"), [DataRequired()])
    place = StringField(_l("Place"), [DataRequired(), Length(max=200)])
    platform = SelectField(
        _l("Pilot platform"), description=_l("Where one hosts the trial or attests to it; both sides sign that too.")
    )
    platform_role = SelectField(_l("The platform's part"))
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()])
    metrics = parts.lines_field(
        parts.RequirementForm,
        _l("Metrics with thresholds"),
        _l("Taken from the scenario's requirements; change them as agreed."),
    )

    stop_rule = TextAreaField(_l("When is it stopped?"))
    responsible_supplier = StringField(_l("Responsible at the supplier"), [Length(max=200)])
    responsible_demand = StringField(_l("Responsible at the site"), [Length(max=200)])
    safety = TextAreaField(_l("Safety"))
    insurance = TextAreaField(_l("Insurance"))
    dismantling = TextAreaField(_l("Who takes it down afterwards?"))
    payment = TextAreaField(_l("Who pays what?"))

    def plan_metrics(self) -> list[PlanMetric]:
        """The written lines. Raises Invalid."""
        lines = parts.written_lines(self.metrics)
        try:
            return [PlanMetric.of(Requirement.model_validate(line)) for line in lines]
        except ValueError:
            raise Invalid({"metrics": _("Each metric needs a comparison and a value that fits it.")}) from None


class AmendmentForm(PlanForm):
    """The whole plan as it should be, and why."""

    kind = None
    platform = None
    platform_role = None
    reason = TextAreaField(_l("Why it changes (the other side reads it)"), [DataRequired()])


def load(code: str, action: str = "view") -> Outcome:
    outcome = get_outcome(database(), code)
    require(actor(), "view", outcome)
    require(actor(), action, outcome)
    return outcome


@pages.route("/applications/<code>/plan", methods=["GET", "POST"])
@login_required
def plan(code: str) -> ResponseReturnValue:
    application = get_application(database(), code)
    require(actor(), "view", application)
    drafted = [line.model_dump(mode="json") for line in draft_metrics(application)]
    form = PlanForm(data={"place": application.scenario.place, "metrics": drafted})
    form.kind.choices = [(kind.value, named(kind.value)) for kind in OutcomeKind]
    offered = {str(each.pk): each for each in pilot_platforms(database())}
    form.platform.choices = [("", "—"), *((key, each.name) for key, each in offered.items())]
    form.platform_role.choices = [(role.value, named(role.value, "platform")) for role in PlatformRole]

    def make() -> Outcome:
        return plan_outcome(
            actor(),
            session=database(),
            application=application,
            kind=OutcomeKind(form.kind.data),
            place=form.place.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            metrics=form.plan_metrics(),
            terms={name: form[name].data or "" for name in PLAN_TERMS},
            platform=offered.get(form.platform.data or ""),
            platform_role=PlatformRole(form.platform_role.data),
        )

    if form.validate_on_submit() and (made := attempt(form, make)) is not None:
        flash(_("Planned as %(code)s. Next both sides sign it.", code=made.code), "success")
        return redirect(url_for("outcomes.show", code=made.code))
    if not form.is_submitted():
        parts.with_spare_lines(form.metrics)
    return render_template("outcomes/plan.html", form=form, application=application)


@pages.route("/outcomes/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    outcome = load(code, "amend_plan")
    lines = [line.model_dump(mode="json", exclude={"measured", "note"}) for line in outcome.metric_lines]
    form = AmendmentForm(
        data={
            "place": outcome.place,
            "starts_on": outcome.starts_on,
            "ends_on": outcome.ends_on,
            "metrics": lines,
            **outcome.plan_terms,
        }
    )

    def send() -> PlanAmendment:
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
            terms={name: form[name].data or "" for name in PLAN_TERMS},
        )

    if form.validate_on_submit() and attempt(form, send) is not None:
        flash(_("Proposed and signed for your side. It is in force when the other side signs it."), "success")
        return redirect(url_for("outcomes.show", code=code) + "#amendments")
    if not form.is_submitted():
        parts.with_spare_lines(form.metrics)
    return render_template("outcomes/amend.html", form=form, outcome=outcome)


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


@pages.get("/review/overdue")
@administrator_required
def overdue() -> ResponseReturnValue:
    return render_template("review/overdue.html", rows=overdue_milestones(database()), today=local_today())


@dataclass(frozen=True)
class ShownAmendment:
    """An amendment with what the reader may do, and what is different."""

    amendment: PlanAmendment
    changes: list[tuple[str, list[str], list[str]]]
    steps: list[Transition]


def shown_amendments(outcome: Outcome) -> list[ShownAmendment]:
    return [
        ShownAmendment(each, changes_of(each), open_transitions(actor(), each))
        for each in amendments_of(database(), outcome)
    ]


def changes_of(amendment: PlanAmendment) -> list[tuple[str, list[str], list[str]]]:
    """What is different, field by field: its name, what it was, what it becomes."""
    fields = [("place", _("Place")), ("starts_on", _("First day")), ("ends_on", _("Last day"))]
    rows = [(label, [amendment.before[field] or ""], [amendment.after[field] or ""]) for field, label in fields]
    rows += [
        (named(f"term.{name}"), [amendment.before["terms"].get(name, "")], [amendment.after["terms"].get(name, "")])
        for name in PLAN_TERMS
    ]
    rows.append((_("Metrics with thresholds"), _metrics(amendment.before), _metrics(amendment.after)))
    return [row for row in rows if row[1] != row[2]]


def _metrics(document: dict[str, Any]) -> list[str]:
    lines = (PlanMetric.model_validate(line) for line in document["metrics"])
    return [f"{line.metric} {requirement_text(Requirement.model_validate(_asked(line)))}" for line in lines]


def _asked(line: PlanMetric) -> dict[str, Any]:
    return {**line.model_dump(include={"metric", "comparison", "value", "value_high", "unit"}), "necessity": "must"}
