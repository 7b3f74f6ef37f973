"""First trials and first uses: the public list, a record's page, its report, the steps that are one button; and the
certificates that anyone can check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.policy import require
from scenario_hall.dossiers.certificate import certificate_dossier
from scenario_hall.dossiers.outcome import OutcomeDossier, outcome_dossier
from scenario_hall.outcomes.certificate.service import get_certificate, revoke_outcome
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.models import Cause, Outcome
from scenario_hall.outcomes.run.service import (
    confirm_results,
    object_to_results,
    start_outcome,
    stop_outcome,
)
from scenario_hall.outcomes.service import get_outcome
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.qr import qr_picture
from scenario_hall.web.kit.request import actor, database, login_required, settings
from scenario_hall.web.kit.step_up import step_up
from scenario_hall.web.outcomes.amendment_changes import changes_of
from scenario_hall.web.outcomes.certificate_facts import facts_of, title_in_other_language
from scenario_hall.web.outcomes.report_form import report_form, send_report
from scenario_hall.web.review.places import after_decision, is_going_on

pages = Blueprint("outcomes", __name__)
# Steps that are one button, without and with a reason; the others have a page or a panel of their own.
BUTTONS = {"start": start_outcome, "confirm": confirm_results, "approve": approve_first}
BUTTONS_WITH_REASON = {"object": object_to_results, "revoke": revoke_outcome}


def load(code: str, action: str = "view") -> Outcome:
    outcome = get_outcome(database(), code)
    require(actor(), action, outcome)
    return outcome


@pages.get("/outcomes/<code>")
def show(code: str) -> ResponseReturnValue:
    return outcome_page(outcome_dossier(database(), actor(), code))


def outcome_page(
    dossier: OutcomeDossier, *, typed: Mapping[str, Any] | None = None, fault: Invalid | None = None
) -> str:
    """A record's page; with what was typed into the review's form and what is wrong with it, where it came back."""
    return render_template(
        "outcomes/show.html",
        **fields_of(dossier, dossier.plan, dossier.claim),
        steps=[row for row in dossier.transitions if row.action in BUTTONS or row.action in BUTTONS_WITH_REASON],
        can_report="report" in dossier.can,
        causes=list(Cause),
        changes_of=changes_of,
        typed=typed or {},
        fault=_(next(iter(fault.fields.values()), fault.message)) if fault is not None else "",
        ticked=request.form.getlist("checked") if fault is not None else [],
    )


@pages.route("/outcomes/<code>/report", methods=["GET", "POST"])
@login_required
def report(code: str) -> ResponseReturnValue:
    outcome = load(code, "report")
    form = report_form(outcome)
    sent = (
        attempt(form, lambda: send_report(outcome, form), {"files": "evidence"}) if form.validate_on_submit() else None
    )
    if sent is not None:
        flash(_("Reported. Next the other side confirms the results."), "success")
        return redirect(url_for("outcomes.show", code=code))
    return render_template("outcomes/report.html", form=form, outcome=outcome, lines=outcome.metric_lines)


@pages.post("/outcomes/<code>/<action>")
@login_required
@step_up("approve", "revoke")
def act(code: str, action: str) -> ResponseReturnValue:
    outcome, version = load(code), HallForm().shown_version()
    if action in BUTTONS:
        BUTTONS[action](actor(), session=database(), outcome=outcome, version=version)
    elif action in BUTTONS_WITH_REASON:
        reason = request.form.get("reason", "")
        BUTTONS_WITH_REASON[action](actor(), session=database(), outcome=outcome, version=version, reason=reason)
    else:
        raise NotFound()
    flash(_(DONE[action]), "success")
    return redirect(after_review("notices", code))


def after_review(queue: str, code: str) -> str:
    """Where a pressed button of an outcome leads: its page, or the next item of the reviewer's queue."""
    if is_going_on():
        return after_decision(queue)
    return url_for("outcomes.show", code=code, _anchor="notice" if queue == "objections" else None)


@pages.post("/outcomes/<code>/fail")
@pages.post("/outcomes/<code>/abandon")
@login_required
def stop(code: str) -> ResponseReturnValue:
    cause = request.form.get("cause", "")
    stop_outcome(
        actor(),
        session=database(),
        outcome=load(code),
        version=HallForm().shown_version(),
        cause=Cause(cause) if cause in list(Cause) else Cause.OTHER,
        reason=request.form.get("reason", ""),
        lessons=request.form.get("lessons", ""),
        is_public=request.form.get("public") == "1",
    )
    flash(_(DONE["fail"]), "success")
    return redirect(url_for("outcomes.show", code=code))


@pages.get("/certificates")
def verify() -> ResponseReturnValue:
    number = request.args.get("number", "").strip().upper()
    if number:
        try:
            found = get_certificate(database(), number)
        except NotFound:
            return render_template("outcomes/verify.html", number=number)
        return redirect(url_for("outcomes.certificate", number=found.number))
    return render_template("outcomes/verify.html", number=number)


@pages.get("/certificates/<number>")
def certificate(number: str) -> ResponseReturnValue:
    dossier = certificate_dossier(database(), number)
    return render_template(
        "outcomes/certificate.html",
        **fields_of(dossier),
        content=dossier.certificate.content,
        facts=facts_of(dossier.certificate),
        in_other_language=title_in_other_language(dossier.certificate),
    )


@pages.get("/certificates/<number>/qr.svg")
def qr_code(number: str) -> ResponseReturnValue:
    found = get_certificate(database(), number)
    return qr_picture(settings().base_url + url_for("outcomes.certificate", number=found.number))
