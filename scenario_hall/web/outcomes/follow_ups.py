"""What came after a first: the one-minute form of its two sides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from scenario_hall.core.errors import Invalid, StaleEdit
from scenario_hall.dossiers.follow_up import FollowUpDossier, follow_up_dossier
from scenario_hall.outcomes.adoption.follow_ups import answer_follow_up
from scenario_hall.outcomes.adoption.models import (
    CORRECTION_DAYS,
    MAX_ADOPTERS,
    MAX_REMARK,
    Adopter,
    AmountBand,
    Answers,
    Contract,
    FollowUp,
)
from scenario_hall.web.kit.content_fields import RemovableLine, lines_field, region_choices, with_spare_lines
from scenario_hall.web.kit.forms import HallForm, attempt, value_from
from scenario_hall.web.kit.language import named
from scenario_hall.web.kit.request import actor, database, login_required

pages = Blueprint("following", __name__)


class AdopterForm(RemovableLine):
    name = StringField(_l("Name"), [Length(max=200)])
    region = SelectField(_l("Region"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = [("", "—"), *region_choices()]


class FollowUpForm(HallForm):
    contract = RadioField(_l("Is there a contract?"), [DataRequired()])
    amount = RadioField(_l("Total amount"), default=AmountBand.NONE.value)
    may_show_amount = BooleanField(_l("The amount may be shown on the product's public page"))
    second_order = RadioField(_l("Is there a second order?"), [DataRequired()])
    still_in_use = RadioField(_l("Is it still in use?"), [DataRequired()])
    adopters_count = IntegerField(
        _l("How many others use it now?"),
        [Optional(), NumberRange(0, MAX_ADOPTERS)],
        description=_l(
            "Organisations that adopted it after this one. Leave empty if there are none or you do not know."
        ),
    )
    adopters = lines_field(
        AdopterForm, _l("Who and where"), _l("As far as you may disclose it. Only the number by region is public.")
    )
    remark = TextAreaField(_l("Remark"), [Length(max=MAX_REMARK)])

    def choose(self) -> FollowUpForm:
        self.contract.choices = [(each.value, named(each.value, "contract")) for each in Contract]
        self.amount.choices = [(each.value, named(each.value, "amount")) for each in AmountBand]
        for field in (self.second_order, self.still_in_use):
            field.choices = [("yes", named("yes", "contract")), ("no", named("no", "contract"))]
        return self

    def answers(self) -> Answers:
        """What was typed. Raises Invalid."""
        lines = [each.form for each in self.adopters if not each.form.gone.data]
        lines = [line for line in lines if not line.is_blank(("name", "region"))]
        count = self.adopters_count.data if self.adopters_count.data is not None else len(lines)
        if count < len(lines):
            raise Invalid({"adopters_count": _("You list %(count)s below.")}, count=len(lines))
        return value_from(
            Answers,
            contract=Contract(self.contract.data),
            amount=AmountBand(self.amount.data),
            may_show_amount="may_show_amount" in self and self.may_show_amount.data,
            second_order=self.second_order.data == "yes",
            still_in_use=self.still_in_use.data == "yes",
            adopters_count=count,
            adopters=tuple(
                value_from(Adopter, name=line.name.data or "", region=line.region.data or "") for line in lines
            ),
            remark=self.remark.data or "",
        )


def filled(follow_up: FollowUp) -> FollowUpForm:
    """The form with the answers as they stand."""
    answers = follow_up.answers
    if answers is None:
        return FollowUpForm().choose()
    given = answers.model_dump(mode="json")
    given.update({name: "yes" if given[name] else "no" for name in ("second_order", "still_in_use")})
    return FollowUpForm(data=given).choose()


@pages.route("/outcomes/<code>/follow-up/<int:month>", methods=["GET", "POST"])
@login_required
def answer(code: str, month: int) -> ResponseReturnValue:
    dossier = follow_up_dossier(database(), actor(), code, month)
    form, is_edit_conflict = filled(dossier.follow_up), False
    if not dossier.may_permit_amount:
        del form.may_show_amount
    if form.validate_on_submit():
        try:
            if attempt(form, lambda: _send_answers(dossier, form)) is not None:
                flash(_("Thank you. You can correct it for %(days)s days.", days=CORRECTION_DAYS), "success")
                return redirect(url_for("outcomes.show", code=code))
        except StaleEdit as error:
            database().rollback()
            form.form_errors.append(_(error.message))
            is_edit_conflict = True
            dossier = follow_up_dossier(database(), actor(), code, month)
    if not form.is_submitted():
        with_spare_lines(form.adopters)
    return render_template(
        "outcomes/follow_up.html",
        form=form if dossier.may_answer else None,
        outcome=dossier.outcome,
        follow_up=dossier.follow_up,
        shows_answers=is_edit_conflict or not dossier.may_answer,
    )


def _send_answers(dossier: FollowUpDossier, form: FollowUpForm) -> FollowUp:
    return answer_follow_up(
        actor(),
        session=database(),
        outcome=dossier.outcome,
        month=dossier.follow_up.month,
        version=form.shown_version(),
        answers=form.answers(),
    )
