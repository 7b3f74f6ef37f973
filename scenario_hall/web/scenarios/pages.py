"""Scenarios: the list, the public page, revisions, actions. They are written in ``wizard.py``."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.applications.closing import close_scenario
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import require
from scenario_hall.dossiers.scenario import scenario_dossier, scenario_revision
from scenario_hall.publishing.amending import take_back_revision
from scenario_hall.publishing.discarding import recall
from scenario_hall.scenarios import service
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.drafting import delete_page
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.public.found_list import found_list
from scenario_hall.web.public.listing import search_page

pages = Blueprint("scenarios", __name__, url_prefix="/scenarios")


def load(code: str, action: str = "view") -> Scenario:
    scenario = service.get_scenario(database(), code)
    require(actor(), action, scenario)
    return scenario


@pages.get("/")
def index() -> ResponseReturnValue:
    if (form := asked_format()) is not None:
        return send_list(found_list(kind="scenario"), form)
    return render_template("scenarios/index.html", **search_page(kind="scenario"))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    dossier = scenario_dossier(database(), actor(), code)
    return render_template(
        "scenarios/show.html",
        **vars(dossier),
        picture_id=dossier.picture,
        proposed_changes=shown_changes(dossier.proposed.changes),
    )


@pages.get("/<code>/revisions/<int:number>")
def revision(code: str, number: int) -> ResponseReturnValue:
    scenario, compared = scenario_revision(database(), actor(), code, number)
    return render_template(
        "scenarios/revision.html",
        scenario=scenario,
        revision=compared.revision,
        before=compared.before,
        changes=shown_changes(compared.changes),
        numbers=compared.numbers,
    )


@pages.route("/<code>/delete", methods=["GET", "POST"])
@login_required
def delete(code: str) -> ResponseReturnValue:
    return delete_page(load(code, "edit"))


@pages.post("/<code>/<action>")
@login_required
def act(code: str, action: str) -> ResponseReturnValue:
    scenario = load(code)
    if action not in ("close", "withdraw", "take_back", "recall"):
        raise NotFound()
    version, reason = HallForm().shown_version(), request.form.get("reason", "")
    if action == "close":
        close_scenario(actor(), session=database(), scenario=scenario, version=version, reason=reason)
    elif action == "recall":
        recall(actor(), session=database(), record=scenario, version=version)
    elif action == "take_back":
        take_back_revision(actor(), session=database(), record=scenario, version=version)
    else:
        service.end_scenario(
            actor(), session=database(), scenario=scenario, action=action, version=version, reason=reason
        )
    flash(_(DONE[action]), "success")
    return redirect(url_for("scenarios.show", code=code))
