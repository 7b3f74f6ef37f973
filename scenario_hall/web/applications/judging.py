"""Judging: the applications side by side, the criteria, one evaluator's scores, the joint round."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from scenario_hall.applications.judging import service as judging
from scenario_hall.applications.judging.models import (
    HIGHEST_MARK,
    HIGHEST_WEIGHT,
    Criterion,
    Judging,
    Mark,
    Score,
    criterion,
)
from scenario_hall.applications.service import get_application
from scenario_hall.core.errors import Invalid
from scenario_hall.core.policy import require
from scenario_hall.dossiers.judging import ScoreDossier, judging_dossier, score_dossier
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.applications.judging_table import judging_table
from scenario_hall.web.kit.content_fields import RemovableLine, lines_field, with_spare_lines
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.forms import HallForm, LineForm, attempt
from scenario_hall.web.kit.language import current_locale
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("judging", __name__)


class CriterionForm(RemovableLine):
    name = StringField(_l("Name"), [Length(max=120)])
    weight = SelectField(_l("Weight"), choices=[(str(n), str(n)) for n in range(1, HIGHEST_WEIGHT + 1)], default="3")

    def line(self) -> Criterion:
        return criterion(self.name.data or "", int(self.weight.data))


class CriteriaForm(HallForm):
    criteria = lines_field(
        CriterionForm, _l("Criteria"), _l("What is scored from 0 to 5, and how much it counts, from 1 to 5")
    )


class MarkForm(LineForm):
    mark = SelectField(_l("Mark"), choices=[("", "—"), *((str(n), str(n)) for n in range(HIGHEST_MARK + 1))])
    comment = TextAreaField(_l("Comment"), [Length(max=1000)])

    def line(self) -> Mark:
        return Mark(mark=int(self.mark.data), comment=self.comment.data or "")


class ScoreForm(HallForm):
    marks = FieldList(FormField(MarkForm), _l("Marks"), max_entries=judging.MOST_CRITERIA)
    reason = TextAreaField(_l("Why do you revise your score?"), [Length(max=judging.LONGEST)])

    def written(self) -> list[Mark]:
        """The marks that were given. Raises Invalid when a criterion has none."""
        if not all(entry.form.mark.data for entry in self.marks):
            raise Invalid({"marks": _("Give every criterion a mark from 0 to 5.")})
        return [entry.form.line() for entry in self.marks]


@pages.get("/scenarios/<code>/judging")
@login_required
def show(code: str) -> ResponseReturnValue:
    dossier = judging_dossier(database(), actor(), code)
    criteria = named_criteria(dossier.judging)
    if (form := asked_format()) is not None:
        return send_list(judging_table(dossier, criteria), form)
    return render_template("applications/judging/show.html", **fields_of(dossier), criteria=criteria)


def load(code: str, action: str = "view_judging") -> Scenario:
    scenario = get_scenario(database(), code)
    require(actor(), action, scenario)
    return scenario


def named_criteria(stored: Judging) -> list[tuple[str, int]]:
    """Each criterion's name in the reader's language, with its weight."""
    return [(each.shown(current_locale()), each.weight) for each in stored.criterion_lines]


@pages.route("/scenarios/<code>/judging/criteria", methods=["GET", "POST"])
@login_required
def edit_criteria(code: str) -> ResponseReturnValue:
    scenario = load(code, "set_criteria")
    stored = judging.judging_of(database(), scenario)
    form = CriteriaForm(data={"criteria": [{"name": n, "weight": str(w)} for n, w in named_criteria(stored)]})
    if form.validate_on_submit():
        if attempt(form, lambda: _send_criteria(scenario, form)) is not None:
            flash(_("Saved."), "success")
            return redirect(url_for("judging.show", code=code))
    elif not form.is_submitted():
        with_spare_lines(form.criteria)
    return render_template("applications/judging/criteria.html", form=form, scenario=scenario, version=stored.version)


def _send_criteria(scenario: Scenario, form: CriteriaForm) -> Judging:
    return judging.set_criteria(
        actor(),
        session=database(),
        scenario=scenario,
        version=form.shown_version(),
        criteria=[
            entry.form.line()
            for entry in form.criteria
            if (entry.form.name.data or "").strip() and not entry.form.gone.data
        ],
    )


@pages.post("/scenarios/<code>/judging/reveal")
@login_required
def reveal(code: str) -> ResponseReturnValue:
    scenario = load(code)
    judging.reveal_scores(actor(), session=database(), scenario=scenario)
    flash(_("The joint round is open: all evaluators see all scores and can revise their own."), "success")
    return redirect(url_for("judging.show", code=code))


@pages.route("/applications/<code>/judging", methods=["GET", "POST"])
@login_required
def score(code: str) -> ResponseReturnValue:
    dossier = score_dossier(database(), actor(), code)
    criteria = named_criteria(dossier.judging)
    form = ScoreForm(data={"marks": shown_marks(dossier.judged.own_score, len(criteria))})
    if form.validate_on_submit() and attempt(form, lambda: _send_score(dossier, form)) is not None:
        flash(_("Your score has been recorded."), "success")
        return redirect(url_for("judging.show", code=dossier.application.scenario.code))
    return render_template(
        "applications/judging/score.html",
        **fields_of(dossier),
        form=form,
        version=dossier.judging.version,
        criteria=criteria,
        lines=list(zip(form.marks, criteria, strict=False)),
    )


def _send_score(dossier: ScoreDossier, form: ScoreForm) -> Score:
    return judging.score_application(
        actor(),
        session=database(),
        application=dossier.application,
        version=form.shown_version(),
        marks=form.written(),
        reason=form.reason.data or "",
    )


def shown_marks(own: Score | None, count: int) -> list[dict[str, str]]:
    """The evaluator's own marks for the form, or as many empty ones."""
    if own is None:
        return [{"mark": "", "comment": ""}] * count
    return [{"mark": str(each.mark), "comment": each.comment} for each in own.mark_lines]


@pages.post("/applications/<code>/judging/interest")
@login_required
def declare(code: str) -> ResponseReturnValue:
    application = get_application(database(), code)
    require(actor(), "view_judging", application)
    form, has_conflict = HallForm(), request.form.get("conflict") == "1"
    declared = attempt(
        form,
        lambda: judging.declare_interest(
            actor(),
            session=database(),
            application=application,
            has_conflict=has_conflict,
            reason=request.form.get("reason", ""),
        ),
    )
    if declared is None:
        flash("; ".join(form.form_errors), "danger")
    elif has_conflict:
        flash(_("Declared. You will not score this application."), "success")
        return redirect(url_for("judging.show", code=application.scenario.code))
    else:
        flash(_("Declared. Now you can score."), "success")
    return redirect(url_for("judging.score", code=code))
