"""Whose turn an item is: to take it, to give it, to give it back; and to be away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Invalid
from scenario_hall.dossiers.waiting import turn_dossier
from scenario_hall.organizations.models import Organization
from scenario_hall.reviewing.absences import absences_of, come_back, go_away, stand_ins
from scenario_hall.reviewing.models import Absence
from scenario_hall.reviewing.queues import governed
from scenario_hall.reviewing.turns import code_of, give_item
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.places import address_of

pages = Blueprint("turns", __name__, url_prefix="/review")
OF_REVIEW = _l("While you are away, nothing is given to you, and what was is the turn of whoever stands in.")
OF_NOTICES = _l(
    "While you are away, letters that you and your deputy would both get go to the deputy, at once; you find them "
    "among your notices. What has to come by letter comes to both."
)


class AbsenceForm(HallForm):
    until = DateField(_l("Away until the end of"), [DataRequired()])
    stand_in = SelectField(_l("Who stands in"))


@pages.route("/item/<queue>/<int:row_id>/turn", methods=["GET", "POST"])
@administrator_required
def give(queue: str, row_id: int) -> ResponseReturnValue:
    error = ""
    if HallForm().validate_on_submit():
        wanted = whole_number(request.form.get("account", ""))
        try:
            row = give_item(actor(), session=database(), queue=queue, row_id=row_id, account_id=wanted)
        except Invalid as fault:
            database().rollback()
            refusal = fault.fields["account"]
            error = _(refusal)
        else:
            flash(_("Saved."), "success")
            is_mine = wanted == actor().account_id
            return redirect(address_of(queue, row) if is_mine else url_for("review.show", queue=queue))
    dossier = turn_dossier(database(), actor(), queue, row_id)
    subject = governed(queue, dossier.row)
    item = subject.name if isinstance(subject, Organization) else code_of(queue, dossier.row)
    address = address_of(queue, dossier.row)
    return render_template("review/turn.html", **fields_of(dossier), item=item, address=address, error=error)


@pages.route("/absence", methods=["GET", "POST"])
@administrator_required
def absence() -> ResponseReturnValue:
    return absence_page(url_for("review.show"), is_of_review=True)


def absence_page(back: str, *, is_of_review: bool) -> ResponseReturnValue:
    """The form of the reader's own absence, or what comes of it; ``back``: the page before."""
    mine = absences_of(database(), [actor().account_id or 0]).get(actor().account_id or 0)
    form = AbsenceForm(until=mine.until if mine else None, stand_in=str(mine.stand_in_id or "") if mine else "")
    others = stand_ins(database(), actor())
    nobody = _("Nobody: whoever may decide") if is_of_review else _("Nobody in particular")
    form.stand_in.choices = [("", nobody), *((str(each.pk), each.name) for each in others)]

    if is_of_review:
        form.stand_in.description = _("What was given to you is their turn meanwhile, where four eyes let them decide.")

    def leave() -> Absence:
        chosen = whole_number(form.stand_in.data or "")
        return go_away(actor(), session=database(), until=form.until.data, stand_in_id=chosen)

    if request.form.get("back") == "1" and HallForm().validate_on_submit():
        come_back(actor(), session=database())
        flash(_("Welcome back."), "success")
        return redirect(back)
    if form.validate_on_submit() and attempt(form, leave) is not None:
        flash(_("Saved."), "success")
        return redirect(back)
    return render_template(
        "review/absence.html",
        form=form,
        mine=mine,
        back=back,
        is_of_review=is_of_review,
        lead=OF_REVIEW if is_of_review else OF_NOTICES,
    )
