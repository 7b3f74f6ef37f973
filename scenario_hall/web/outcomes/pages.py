"""First trials and first uses: plan, report, evidence, decisions; certificates that anyone can check."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import col, func, select
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.core.clock import local_today, now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.outcomes import service
from scenario_hall.outcomes.adoption.follow_ups import follow_ups_of
from scenario_hall.outcomes.certificate.documents import certified_lines
from scenario_hall.outcomes.certificate.firsts import Firsts, count_firsts, figures_of, firsts_condition
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.certificate.service import certificate_of, get_certificate, revoke_outcome
from scenario_hall.outcomes.claim.claim import checks_of, evidence_present, matrix_of, rules_for
from scenario_hall.outcomes.claim.notice import approve_first, objections_to
from scenario_hall.outcomes.claim.prior_art import prior_art_report
from scenario_hall.outcomes.claim.review import advices_of, advices_shown_to
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Cause, Outcome, OutcomeKind
from scenario_hall.outcomes.plan.milestones import RUNNING_STATES, milestone_rules, milestones_of
from scenario_hall.outcomes.plan.service import signatures_of
from scenario_hall.outcomes.run.attestations import ATTESTABLE, attestation_of
from scenario_hall.outcomes.run.service import confirm_results, object_to_results, report_results, start_outcome, stop_outcome
from scenario_hall.web.kit import content_fields as parts
from scenario_hall.web.kit.forms import FilesField, HallForm, attempt
from scenario_hall.web.kit.names import DONE
from scenario_hall.web.kit.request import actor, database, login_required, settings
from scenario_hall.web.outcomes.certificate_facts import facts_of
from scenario_hall.web.outcomes.plans import shown_amendments
from scenario_hall.web.public.listing import events_of

pages = Blueprint("outcomes", __name__)
PAGE_SIZE = 24


class ReportForm(HallForm):
    summary = TextAreaField(_l("What was done and what came out"), [DataRequired()])
    lessons = TextAreaField(_l("Lessons (what you would do differently)"))
    evidence = FilesField(
        _l("Evidence"), description=_l("Trial report, acceptance opinion, measurements; up to 10 MB each")
    )


def load(code: str) -> Outcome:
    outcome = service.get_outcome(database(), code)
    require(actor(), "view", outcome)
    return outcome


@pages.get("/outcomes")
def index() -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, type=int))
    kind, year = request.args.get("kind", ""), request.args.get("year", type=int)
    scope = request.args.get("scope", "")
    firsts = Firsts(
        year, OutcomeKind(kind) if kind in list(OutcomeKind) else None, Scope(scope) if scope in list(Scope) else None
    )
    query = select(Outcome, Certificate).join(Certificate, col(Certificate.outcome_id) == col(Outcome.id))
    query = query.where(*firsts_condition(database(), firsts))
    total = database().exec(select(func.count()).select_from(query.subquery())).one()
    rows = database().exec(
        query.order_by(col(Outcome.approved_at).desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    )
    return render_template(
        "outcomes/index.html",
        rows=list(rows),
        total=total,
        page=page,
        size=PAGE_SIZE,
        kind=kind,
        kinds=list(OutcomeKind),
        year=year,
        scope=scope,
        products=count_firsts(database(), firsts),
        figures=figures_of(database(), year),
    )


# What moves no state of the record.
ASIDE = ("advise", "object_publicly", "answer_objection", "amend_plan", "reach_milestone", "exempt_milestone", "attest")
# Steps that are one button, without and with a reason; the others have a page or a panel of their own.
BUTTONS = {"start": start_outcome, "confirm": confirm_results, "approve": approve_first}
BUTTONS_WITH_REASON = {"object": object_to_results, "revoke": revoke_outcome}
SIMPLE_ACTIONS = frozenset({*BUTTONS, *BUTTONS_WITH_REASON})


def _is_due(outcome: Outcome, action: str) -> bool:
    """Approving waits for the end of the notice."""
    return action != "approve" or (outcome.notice_until is not None and now() > outcome.notice_until)


@pages.get("/outcomes/<code>")
def show(code: str) -> ResponseReturnValue:
    return page_of(load(code))


def page_of(outcome: Outcome, *, typed: Mapping[str, Any] | None = None, fault: Invalid | None = None) -> str:
    """A record's page; with what was typed into the review's form and what is wrong with it, where it came back."""
    is_private = can(actor(), "view_private", outcome)
    advices = advices_shown_to(actor(), database(), outcome) if is_private else []
    reviewers = select(Account.id, Account.name).where(col(Account.id).in_({each.account_id for each in advices}))
    steps = open_transitions(actor(), outcome)
    return render_template(
        "outcomes/show.html",
        outcome=outcome,
        typed=typed or {},
        fault=_(next(iter(fault.fields.values()), fault.message)) if fault is not None else "",
        ticked=request.form.getlist("checked") if fault is not None else [],
        supplier=database().get_one(Organization, outcome.supplier_id),
        demand=database().get_one(Organization, outcome.demand_id),
        certificate=certificate_of(database(), outcome),
        evidence=files_of(database(), "outcome", outcome.pk) if can(actor(), "view_files", outcome) else [],
        steps=[step for step in steps if step.action in SIMPLE_ACTIONS and _is_due(outcome, step.action)],
        can={step.action for step in steps} | {name for name in ASIDE if can(actor(), name, outcome)},
        causes=list(Cause),
        can_report=any(step.action == "report" for step in steps),
        signatures=signatures_of(database(), outcome) if is_private else {},
        platform=database().get(Organization, outcome.platform_id) if outcome.platform_id else None,
        attestation=attestation_of(database(), outcome) if is_private else None,
        is_attestable=outcome.state in ATTESTABLE,
        milestones=milestones_of(database(), outcome) if is_private else [],
        waits=outcome.state in RUNNING_STATES,
        by_step={rule.key for rule in milestone_rules().milestones if rule.by_step},
        today=local_today(),
        amendments=shown_amendments(outcome) if is_private else [],
        rules=rules_for(database(), outcome),
        matrix=matrix_of(database(), outcome, Scope(outcome.scope)) if outcome.scope else None,
        checks=checks_of(database(), outcome) if outcome.scope and is_private else [],
        present=evidence_present(database(), outcome) if is_private else set(),
        advices=advices,
        reviewers=dict(database().exec(reviewers).all()) if advices else {},
        has_advised=any(each.account_id == actor().account_id for each in advices_of(database(), outcome)),
        known=prior_art_report(database(), outcome) if outcome.scope else None,
        objections=objections_to(database(), outcome),
        is_notice_running=outcome.notice_until is not None and now() <= outcome.notice_until,
        is_private=is_private,
        follow_ups=follow_ups_of(database(), outcome) if is_private else [],
        events=events_of("outcome", outcome.pk) if is_private else [],
    )


@pages.route("/outcomes/<code>/report", methods=["GET", "POST"])
@login_required
def report(code: str) -> ResponseReturnValue:
    outcome = load(code)
    require(actor(), "report", outcome)
    form = ReportForm(obj=outcome)
    lines = outcome.metric_lines

    def send() -> Outcome:
        with transaction(database()):
            report_results(
                actor(),
                session=database(),
                outcome=outcome,
                version=form.shown_version(),
                measured=measured_from_form(len(lines)),
                summary=form.summary.data,
                lessons=form.lessons.data or "",
            )
            parts.store_uploads(form.evidence, kind="outcome", subject_id=outcome.pk, role="evidence")
        return outcome

    if form.validate_on_submit() and attempt(form, send, {"files": "evidence"}) is not None:
        flash(_("Reported. Next the other side confirms the results."), "success")
        return redirect(url_for("outcomes.show", code=code))
    return render_template("outcomes/report.html", form=form, outcome=outcome, lines=lines)


def measured_from_form(count: int) -> list[float | None]:
    """The measured values, None where the field was left empty. Raises Invalid."""
    values: list[float | None] = []
    for number in range(count):
        text = request.form.get(f"measured-{number}", "").strip().replace(",", "")
        try:
            values.append(float(text) if text else None)
        except ValueError:
            raise Invalid({"metrics": _("“%(value)s” is not a number.")}, value=text) from None
    return values


@pages.post("/outcomes/<code>/<action>")
@login_required
def act(code: str, action: str) -> ResponseReturnValue:
    outcome = load(code)
    if action in ("fail", "abandon"):
        return _stop(outcome)
    if action not in SIMPLE_ACTIONS:
        raise NotFound()
    version, reason = HallForm().shown_version(), request.form.get("reason", "")
    if action in BUTTONS:
        BUTTONS[action](actor(), session=database(), outcome=outcome, version=version)
    else:
        BUTTONS_WITH_REASON[action](actor(), session=database(), outcome=outcome, version=version, reason=reason)
    flash(_(DONE[action]), "success")
    return redirect(url_for("outcomes.show", code=code))


def _stop(outcome: Outcome) -> ResponseReturnValue:
    cause = request.form.get("cause", "")
    stop_outcome(
        actor(),
        session=database(),
        outcome=outcome,
        version=HallForm().shown_version(),
        cause=Cause(cause) if cause in list(Cause) else Cause.OTHER,
        reason=request.form.get("reason", ""),
        lessons=request.form.get("lessons", ""),
        is_public=request.form.get("public") == "1",
    )
    flash(_(DONE["fail"]), "success")
    return redirect(url_for("outcomes.show", code=outcome.code))


@pages.get("/certificates")
def verify() -> ResponseReturnValue:
    number = request.args.get("number", "").strip().upper()
    if number:
        found = database().exec(select(Certificate.number).where(col(Certificate.number) == number)).first()
        if found is not None:
            return redirect(url_for("outcomes.certificate", number=found))
    return render_template("outcomes/verify.html", number=number)


@pages.get("/certificates/<number>")
def certificate(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    return render_template(
        "outcomes/certificate.html",
        certificate=found,
        content=found.content,
        facts=facts_of(found),
        lines=certified_lines(found),
    )


@pages.get("/certificates/<number>/qr.svg")
def qr_code(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    drawn = io.BytesIO()
    address = settings().base_url + url_for("outcomes.certificate", number=found.number)
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=True)
    return Response(drawn.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})
