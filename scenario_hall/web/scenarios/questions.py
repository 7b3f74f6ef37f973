"""Questions on a scenario and the owner's answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.policy import require
from scenario_hall.scenarios import questions
from scenario_hall.scenarios.service import get_scenario
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("questions", __name__)


@pages.post("/scenarios/<code>/questions")
@login_required
def ask(code: str) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "view", scenario)
    questions.ask(actor(), session=database(), scenario=scenario, text=request.form.get("text", ""))
    flash(
        _("Your question was posted without your name. The owner has been notified; the answer will be public."),
        "success",
    )
    return redirect(url_for("scenarios.show", code=code) + "#questions")


@pages.post("/scenarios/<code>/questions/<int:question_id>")
@login_required
def answer(code: str, question_id: int) -> ResponseReturnValue:
    scenario = get_scenario(database(), code)
    require(actor(), "view", scenario)
    questions.answer(
        actor(), session=database(), scenario=scenario, question_id=question_id, text=request.form.get("text", "")
    )
    flash(_("Answered."), "success")
    return redirect(url_for("scenarios.show", code=code) + "#questions")
