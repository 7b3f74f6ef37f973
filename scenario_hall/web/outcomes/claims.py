"""Signing a plan, claiming a first, reviewing it, public notice; and the rules that all of it follows."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.dossiers.claim import claim_dossier, claim_evidence
from scenario_hall.dossiers.outcome import outcome_dossier
from scenario_hall.dossiers.rules import rules_dossier
from scenario_hall.outcomes.claim.claim import EVIDENCE_ROLE, claim_first, rules_for, state_facts
from scenario_hall.outcomes.claim.models import CLAIM_DECLARATIONS, AdviceKind
from scenario_hall.outcomes.claim.objections import answer_objection, object_to_notice
from scenario_hall.outcomes.claim.review import give_advice
from scenario_hall.outcomes.claim.rules import Rules, Scope
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.language import current_locale, named
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.kit.uploads import FilesField, store_uploads
from scenario_hall.web.outcomes.pages import after_review, load, outcome_page

pages = Blueprint("claims", __name__)


class ClaimForm(HallForm):
    scope = SelectField(_l("First in"), [DataRequired()])
    why_first = TextAreaField(_l("Why is it the first?"))
    earlier_sales = TextAreaField(
        _l("Earlier sales, uses or trials, including abroad"), description=_l("Write “none” if there were none.")
    )
    equity_link = TextAreaField(
        _l("Links between supplier and user through owners, managers or address"),
        description=_l("Write “none” if there are none."),
    )
    evidence_kind = SelectField(_l("What are the files below?"))
    evidence = FilesField(
        _l("Files of this kind"), description=_l("Use “Add files” to save; claim when nothing is missing")
    )

    def choose(self, rules: Rules) -> ClaimForm:
        self.scope.choices = [(scope.value, named(scope.value, "scope")) for scope in Scope]
        self.evidence_kind.choices = [(each.key, each.name(current_locale())) for each in rules.kinds_of_evidence]
        return self


@pages.post("/outcomes/<code>/sign")
@login_required
def sign(code: str) -> ResponseReturnValue:
    outcome = load(code)
    sign_plan(actor(), session=database(), outcome=outcome, version=HallForm().shown_version())
    flash(_(DONE["sign"]), "success")
    return redirect(url_for("outcomes.show", code=code))


@pages.route("/outcomes/<code>/claim", methods=["GET", "POST"])
@login_required
def claim(code: str) -> ResponseReturnValue:
    dossier = claim_dossier(database(), actor(), code)
    outcome = dossier.outcome
    form = ClaimForm(data={**outcome.declarations, "scope": outcome.scope or Scope.CITY}).choose(dossier.rules)
    facts = typed_facts(dossier.rules) if request.form else outcome.evidence_facts
    if form.validate_on_submit():
        if request.form.get("go") == "files":
            if attempt(form, lambda: _add_files(outcome, form, facts), {"files": "evidence"}) is not None:
                flash(_("Saved."), "success")
        elif attempt(form, lambda: _send_claim(outcome, form, facts)) is not None:
            flash(_(DONE["claim"]), "success")
            return redirect(url_for("outcomes.show", code=code))
    scope = Scope(form.scope.data) if form.scope.data in list(Scope) else Scope.CITY
    evidence = claim_evidence(database(), dossier, scope, facts)
    return render_template("outcomes/claim.html", form=form, facts=facts, **fields_of(dossier, evidence))


def _add_files(outcome: Outcome, form: ClaimForm, facts: Mapping[str, Mapping[str, str]]) -> Outcome:
    with transaction(database()):
        state_facts(actor(), session=database(), outcome=outcome, facts=facts)
        role = EVIDENCE_ROLE + form.evidence_kind.data
        store_uploads(form.evidence, kind="outcome", subject_id=outcome.pk, role=role)
    return outcome


def _send_claim(outcome: Outcome, form: ClaimForm, facts: Mapping[str, Mapping[str, str]]) -> Outcome:
    return claim_first(
        actor(),
        session=database(),
        outcome=outcome,
        version=form.shown_version(),
        scope=Scope(form.scope.data),
        declarations={name: form[name].data or "" for name in CLAIM_DECLARATIONS},
        facts=facts,
    )


def typed_facts(rules: Rules) -> dict[str, dict[str, str]]:
    """What was typed of each piece of evidence, in the fields that the rules ask for."""
    return {
        each.key: {fact.value: request.form.get(f"fact-{each.key}-{fact}", "") for fact in each.facts}
        for each in rules.kinds_of_evidence
        if each.facts
    }


@pages.post("/outcomes/<code>/advice")
@login_required
def advise(code: str) -> ResponseReturnValue:
    outcome = load(code, "advise")
    try:
        _give_advice(outcome)
    except Invalid as fault:
        database().rollback()
        return outcome_page(outcome_dossier(database(), actor(), code), typed=request.form, fault=fault)
    flash(_("Your advice has been recorded."), "success")
    return redirect(after_review("outcomes", code))


def _give_advice(outcome: Outcome) -> None:
    kind = request.form.get("advice", "")
    rules = rules_for(database(), outcome)
    marks = {each.key: whole_number(request.form.get(f"mark-{each.key}", ""), high=5) for each in rules.rubric}
    given = {key: mark for key, mark in marks.items() if mark is not None}
    if kind not in list(AdviceKind) or len(given) < len(marks):
        raise Invalid({"marks": _("Give every criterion a mark from 0 to 5.")})
    give_advice(
        actor(),
        session=database(),
        outcome=outcome,
        version=HallForm().shown_version(),
        advice=AdviceKind(kind),
        marks=given,
        reason=request.form.get("reason", ""),
        checked=request.form.getlist("checked"),
    )


@pages.post("/outcomes/<code>/objections")
@login_required
def object_publicly(code: str) -> ResponseReturnValue:
    outcome = load(code)
    object_to_notice(actor(), session=database(), outcome=outcome, reason=request.form.get("reason", ""))
    flash(_("Your objection is public now, without your name. It will be answered."), "success")
    return redirect(url_for("outcomes.show", code=code) + "#notice")


@pages.post("/outcomes/<code>/objections/<int:objection_id>")
@login_required
def answer(code: str, objection_id: int) -> ResponseReturnValue:
    outcome = load(code)
    answer_objection(
        actor(),
        session=database(),
        outcome=outcome,
        objection_id=objection_id,
        answer=request.form.get("answer", ""),
        is_upheld=request.form.get("upheld") == "1",
    )
    flash(_("Answered."), "success")
    return redirect(after_review("objections", code))


@pages.get("/rules")
def rules() -> ResponseReturnValue:
    return render_template(
        "outcomes/rules.html", **fields_of(rules_dossier(database(), request.args.get("version", "")))
    )
