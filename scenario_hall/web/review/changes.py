"""The review of one change of what is public: before and after side by side, and the decision."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.dossiers.changes import ChangeDossier, change_dossier
from scenario_hall.publishing.amending import accept_revision, return_revision
from scenario_hall.publishing.lifecycle import REVISION_DONE
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.presenters import fields_of, shown_changes
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.places import after_decision

pages = Blueprint("changes", __name__)


@pages.route("/review/revisions/<int:proposed_id>", methods=["GET", "POST"])
@administrator_required
def show(proposed_id: int) -> ResponseReturnValue:
    dossier, error = change_dossier(database(), actor(), proposed_id), ""
    form, action = HallForm(), request.form.get("action", "")
    if form.validate_on_submit():
        try:
            decide(dossier, action, form.shown_version())
        except Invalid as fault:
            database().rollback()
            text = next(iter(fault.fields.values()), fault.message)
            error = _(text) % fault.values if fault.values else _(text)
        else:
            flash(f"{dossier.proposed.code}: " + _(REVISION_DONE[action]), "success")
            return redirect(after_decision("revisions"))
    differences = shown_changes(dossier.changes)
    return render_template(
        "review/change.html", **fields_of(dossier) | {"changes": differences}, typed=request.form, error=error
    )


def decide(dossier: ChangeDossier, action: str, version: int | None) -> None:
    """Accept, or return with a reason. Raises NotFound for anything else."""
    proposed = dossier.proposed
    if action == "accept":
        accept_revision(actor(), session=database(), record=dossier.record, proposed=proposed, version=version)
    elif action == "return":
        reason = request.form.get("reason", "")
        return_revision(actor(), session=database(), proposed=proposed, version=version, reason=reason)
    else:
        raise NotFound()
