"""Several items of a queue in one decision: what was checked, one confirmation, and of each what became of it.

Each item is decided by itself, in a transaction of its own: a refusal of one leaves the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import HallError, NotFound
from scenario_hall.dossiers.several import CHECKS, Item, several_dossier
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.service import list_product
from scenario_hall.scenarios.service import release_scenario
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.presenters import fields_of
from scenario_hall.web.kit.request import actor, administrator_required, database
from scenario_hall.web.review.places import address_of

pages = Blueprint("several", __name__)


def _verify(row: Any, version: int | None) -> None:
    act_on_organization(actor(), session=database(), organization=row, action="verify", version=version)


def _release(row: Any, version: int | None) -> None:
    release_scenario(actor(), session=database(), scenario=row, version=version)


def _list(row: Any, version: int | None) -> None:
    list_product(actor(), session=database(), product=row, version=version)


# Queue → the action by its name, and the use case.
DECIDE: Mapping[str, tuple[str, Callable[[Any, int | None], None]]] = {
    "organizations": ("verify", _verify),
    "scenarios": ("release", _release),
    "products": ("list", _list),
}


@dataclass(frozen=True)
class Result:
    """What became of one item: its name and page, and why it was refused (empty where it was done)."""

    name: str
    address: str
    refusal: str


@pages.route("/review/several", methods=["GET", "POST"])
@administrator_required
def show() -> ResponseReturnValue:
    queue = request.values.get("queue", "")
    if not queue:
        return redirect(url_for("review.show"))
    if queue not in CHECKS:
        raise NotFound()
    wanted = [number for text in request.values.getlist("item") if (number := whole_number(text)) is not None]
    dossier = several_dossier(database(), actor(), queue, wanted)
    results = _decided(queue, dossier.items) if HallForm().validate_on_submit() else []
    return render_template(
        "review/several.html",
        **fields_of(dossier),
        ready=dossier.ready,
        action=DECIDE[queue][0],
        results=results,
        address_of=address_of,
    )


def _decided(queue: str, items: Sequence[Item]) -> list[Result]:
    named = [(each, getattr(each.row, "title", None) or each.row.name, address_of(queue, each.row)) for each in items]
    return [Result(name, address, _refusal(queue, item)) for item, name, address in named]


def _refusal(queue: str, item: Item) -> str:
    """Decide one item; why it was refused, where it was."""
    if not item.is_ready:
        return _(item.refusal)
    try:
        DECIDE[queue][1](item.row, whole_number(request.form.get(f"version-{item.row.pk}", "")))
    except HallError as refused:
        database().rollback()
        return _(refused.message) % refused.values if refused.values else _(refused.message)
    return ""
