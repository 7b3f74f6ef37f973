"""The review of one scenario or product: everything for a decision on one page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.dossiers.review import review_dossier
from scenario_hall.products.models import Product
from scenario_hall.products.service import get_product, list_product, return_product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario, release_scenario, return_scenario
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import fields_of, shown_changes
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.places import after_decision

pages = Blueprint("records", __name__)
SCENARIO_NOTES = tuple(field.name for field in Scenario.fields if field.is_noted)
PRODUCT_NOTES = tuple(field.name for field in Product.fields if field.is_noted)


@pages.route("/review/scenarios/<code>", methods=["GET", "POST"])
@administrator_required
def scenario(code: str) -> ResponseReturnValue:
    record = get_scenario(database(), code)

    def decide(action: str, version: int | None) -> None:
        if action == "release":
            release_scenario(actor(), session=database(), scenario=record, version=version)
        elif action == "return":
            reason, notes = reason_and_notes(SCENARIO_NOTES)
            return_scenario(actor(), session=database(), scenario=record, version=version, reason=reason, notes=notes)
        else:
            raise NotFound()

    return _review(record, SCENARIO_NOTES, decide)


@pages.route("/review/products/<code>", methods=["GET", "POST"])
@administrator_required
def product(code: str) -> ResponseReturnValue:
    record = get_product(database(), code)

    def decide(action: str, version: int | None) -> None:
        if action == "list":
            list_product(actor(), session=database(), product=record, version=version)
        elif action == "return":
            reason, notes = reason_and_notes(PRODUCT_NOTES)
            return_product(actor(), session=database(), product=record, version=version, reason=reason, notes=notes)
        else:
            raise NotFound()

    return _review(record, PRODUCT_NOTES, decide)


def reason_and_notes(fields: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """What the reviewer typed: one reason, and a note for each field."""
    notes = {name: request.form.get(f"note-{name}", "").strip() for name in fields}
    return request.form.get("reason", ""), notes


def _review(
    record: Scenario | Product, fields: tuple[str, ...], decide: Callable[[str, int | None], None]
) -> ResponseReturnValue:
    """The page, or the decision; where a reason is missing, the page with everything that was typed."""
    form, error, code = HallForm(), "", record.code
    if form.validate_on_submit():
        action = request.form.get("action", "")
        try:
            decide(action, form.shown_version())
        except Invalid as fault:
            if action != "return":
                raise
            database().rollback()
            error = _(next(iter(fault.fields.values()), fault.message))
        else:
            flash(f"{code}: " + _(DONE[action]), "success")
            return redirect(after_decision(f"{record.subject}s"))
    dossier = review_dossier(database(), actor(), record)
    shown = fields_of(dossier) | {"changes": shown_changes(dossier.changes)}
    return render_template("review/record.html", **shown, fields=fields, typed=request.form, error=error)
