"""Products: the list, the public page, revisions, actions. They are written in ``editing.py``."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import require
from scenario_hall.dossiers.product import product_dossier, product_revision
from scenario_hall.products import service
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import take_back_revision
from scenario_hall.publishing.discarding import recall
from scenario_hall.web.kit.downloads import asked_format, send_list
from scenario_hall.web.kit.drafting import delete_page
from scenario_hall.web.kit.forms import HallForm, attempt
from scenario_hall.web.kit.lifecycle_names import DONE
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.public.found_list import found_list
from scenario_hall.web.public.listing import search_page

pages = Blueprint("products", __name__, url_prefix="/products")


def load(code: str, action: str = "view") -> Product:
    product = service.get_product(database(), code)
    require(actor(), action, product)
    return product


@pages.get("/")
def index() -> ResponseReturnValue:
    if (form := asked_format()) is not None:
        return send_list(found_list(kind="product"), form)
    return render_template("products/index.html", **search_page(kind="product"))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    dossier = product_dossier(database(), actor(), code)
    return render_template(
        "products/show.html", **vars(dossier), proposed_changes=shown_changes(dossier.proposed.changes)
    )


@pages.get("/<code>/revisions/<int:number>")
def revision(code: str, number: int) -> ResponseReturnValue:
    product, compared = product_revision(database(), actor(), code, number)
    return render_template(
        "products/revision.html",
        product=product,
        revision=compared.revision,
        before=compared.before,
        changes=shown_changes(compared.changes),
        numbers=compared.numbers,
    )


@pages.get("/<code>/versions/<int:number>")
def version(code: str, number: int) -> ResponseReturnValue:
    """The address of a revision in earlier releases."""
    return redirect(url_for("products.revision", code=code, number=number), code=301)


@pages.route("/<code>/delete", methods=["GET", "POST"])
@login_required
def delete(code: str) -> ResponseReturnValue:
    return delete_page(load(code, "edit"))


@pages.post("/<code>/<action>")
@login_required
def act(code: str, action: str) -> ResponseReturnValue:
    product, form = load(code), HallForm()
    if action == "submit":
        done = attempt(
            form,
            lambda: service.submit_product(actor(), session=database(), product=product, version=form.shown_version()),
        )
        if done is None:
            flash(_("Some things are missing before it can be submitted."), "danger")
            return redirect(url_for("products.show", code=code))
    elif action == "recall":
        recall(actor(), session=database(), record=product, version=form.shown_version())
    elif action == "take_back":
        take_back_revision(actor(), session=database(), record=product, version=form.shown_version())
    elif action == "delist":
        service.delist_product(
            actor(),
            session=database(),
            product=product,
            version=form.shown_version(),
            reason=request.form.get("reason", ""),
        )
    else:
        raise NotFound()
    flash(_(DONE[action]), "success")
    return redirect(url_for("products.show", code=code))
