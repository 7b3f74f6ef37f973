"""The administrators' desk: four queues, the oldest first, everything for a decision on one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import func, select

from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.files import files_of
from scenario_hall.core.policy import can
from scenario_hall.organizations import lifecycle as organization_workflow
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes import lifecycle as outcome_workflow
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products import lifecycle as product_workflow
from scenario_hall.products import service as products
from scenario_hall.products.models import Product
from scenario_hall.scenarios import lifecycle as scenario_workflow
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.names import DONE
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.public.listing import events_of

pages = Blueprint("review", __name__, url_prefix="/review")

# queue → (table, the state that waits for an administrator)
QUEUES: dict[str, tuple[Any, str]] = {
    "organizations": (Organization, organization_workflow.REGISTERED),
    "scenarios": (Scenario, scenario_workflow.SUBMITTED),
    "products": (Product, product_workflow.SUBMITTED),
    "outcomes": (Outcome, outcome_workflow.CLAIMED),
}
SCENARIO_NOTES = tuple(field.name for field in Scenario.fields if field.is_noted)
PRODUCT_NOTES = tuple(field.name for field in Product.fields if field.is_noted)


def waiting(name: str) -> list[Any]:
    """The queue, the oldest first."""
    table, state = QUEUES[name]
    query = select(table).where(table.state == state).order_by(table.updated_at, table.id).limit(200)
    return list(database().exec(query))


def counts() -> dict[str, int]:
    return {
        name: database().exec(select(func.count()).select_from(table).where(table.state == state)).one()
        for name, (table, state) in QUEUES.items()
    }


@pages.get("/")
@administrator_required
def show() -> ResponseReturnValue:
    numbers = counts()
    chosen = request.args.get("queue", "")
    if chosen not in QUEUES:
        chosen = next((name for name, number in numbers.items() if number), "organizations")
    return render_template("review/show.html", queue=chosen, rows=waiting(chosen), counts=numbers)


@pages.route("/scenarios/<code>", methods=["GET", "POST"])
@administrator_required
def scenario(code: str) -> ResponseReturnValue:
    record = scenarios.get_scenario(database(), code)
    form = HallForm()
    if form.validate_on_submit():
        action, version = request.form.get("action", ""), form.shown_version()
        if action == "release":
            scenarios.release_scenario(actor(), session=database(), scenario=record, version=version)
        elif action == "return":
            return _given_back(
                "scenarios",
                lambda: scenarios.return_scenario(
                    actor(),
                    session=database(),
                    scenario=record,
                    version=version,
                    reason=request.form.get("reason", ""),
                    notes=notes(SCENARIO_NOTES),
                ),
                code,
            )
        else:
            raise NotFound()
        return _decided("scenarios", action, code)
    return _page("scenario", record, SCENARIO_NOTES)


@pages.route("/products/<code>", methods=["GET", "POST"])
@administrator_required
def product(code: str) -> ResponseReturnValue:
    record = products.get_product(database(), code)
    form = HallForm()
    if form.validate_on_submit():
        action, version = request.form.get("action", ""), form.shown_version()
        if action == "list":
            products.list_product(actor(), session=database(), product=record, version=version)
        elif action == "return":
            return _given_back(
                "products",
                lambda: products.return_product(
                    actor(),
                    session=database(),
                    product=record,
                    version=version,
                    reason=request.form.get("reason", ""),
                    notes=notes(PRODUCT_NOTES),
                ),
                code,
            )
        else:
            raise NotFound()
        return _decided("products", action, code)
    return _page("product", record, PRODUCT_NOTES)


def notes(fields: tuple[str, ...]) -> dict[str, str]:
    return {name: request.form.get(f"note-{name}", "").strip() for name in fields}


def _page(kind: str, record: Scenario | Product, fields: tuple[str, ...], error: str = "") -> ResponseReturnValue:
    return render_template(
        "review/record.html",
        kind=kind,
        record=record,
        organization=record.organization,
        documents=files_of(database(), "organization", record.organization_id),
        files=files_of(database(), record.subject, record.pk),
        may_decide=can(actor(), "return", record),
        fields=fields,
        typed=request.form,
        error=error,
        events=events_of(record.subject, record.pk),
    )


def _given_back(queue: str, use_case: Any, code: str) -> ResponseReturnValue:
    """Return with reasons; without one, the page comes back with everything that was typed."""
    try:
        use_case()
    except Invalid as fault:
        database().rollback()
        finder, fields = (
            (scenarios.get_scenario, SCENARIO_NOTES) if queue == "scenarios" else (products.get_product, PRODUCT_NOTES)
        )
        return _page(
            queue[:-1], finder(database(), code), fields, error=_(next(iter(fault.fields.values()), fault.message))
        )
    return _decided(queue, "return", code)


def _decided(queue: str, action: str, code: str) -> ResponseReturnValue:
    flash(f"{code}: " + _(DONE[action]), "success")
    return redirect(url_for("review.show", queue=queue))
