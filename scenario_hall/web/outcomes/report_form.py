"""The form of a report: a field for each metric of the plan, two for one that asks for a range."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, Optional

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison
from scenario_hall.outcomes.models import Outcome
from scenario_hall.outcomes.plan.metrics import Measured
from scenario_hall.outcomes.run.service import report_results
from scenario_hall.web.kit.content_fields import NumberField
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.request import actor, database
from scenario_hall.web.kit.uploads import FilesField, store_uploads


def report_form(outcome: Outcome) -> HallForm:
    """The form with what was reported before, where it was sent back."""
    fields: dict[str, Field] = {}
    stored: dict[str, object] = {"summary": outcome.summary, "lessons": outcome.lessons}
    for place, line in enumerate(outcome.metric_lines):
        name = f"measured-{place}"
        fields[name] = NumberField(line.metric, [Optional()], places=None)
        stored[name] = line.measured
        if line.comparison is Comparison.BETWEEN:
            fields[f"{name}-high"] = NumberField(line.metric, [Optional()], places=None)
            stored[f"{name}-high"] = line.measured_high
    fields |= {
        "summary": TextAreaField(_l("What was done and what the results were"), [DataRequired()]),
        "lessons": TextAreaField(_l("Lessons (what you would do differently)")),
        "evidence": FilesField(
            _l("Evidence"), description=_l("Trial report, acceptance opinion, measurements; up to 10 MB each")
        ),
    }
    form: HallForm = type("ReportForm", (HallForm,), fields)(data=stored)
    return form


def measured_in(form: HallForm, outcome: Outcome) -> list[Measured]:
    """What was measured, line by line. Raises Invalid for an upper end without a lower one."""
    results: list[Measured] = []
    faults: dict[str, str] = {}
    for place in range(len(outcome.metric_lines)):
        name = f"measured-{place}"
        low, high = form[name].value, form[f"{name}-high"].value if f"{name}-high" in form else None
        if low is None and high is not None:
            faults[name] = N_("Enter the lower end of the range, too.")
        results.append((low, high) if low is not None and high is not None else low)
    if faults:
        raise Invalid(faults)
    return results


def send_report(outcome: Outcome, form: HallForm) -> Outcome:
    """Report what the form holds, its files with it. Raises as ``report_results``."""
    with transaction(database()):
        report_results(
            actor(),
            session=database(),
            outcome=outcome,
            version=form.shown_version(),
            measured=measured_in(form, outcome),
            summary=form["summary"].data,
            lessons=form["lessons"].data or "",
        )
        store_uploads(form["evidence"], kind="outcome", subject_id=outcome.pk, role="evidence")
    return outcome
