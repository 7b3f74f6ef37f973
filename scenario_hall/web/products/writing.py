"""Listing a product in three pages: the text, the hall's reading of it in the form, the page with its submission."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scenario_hall.organizations.models import Organization
from scenario_hall.products import service
from scenario_hall.products.fields import FIELDS
from scenario_hall.products.models import Product
from scenario_hall.products.prose import product_in
from scenario_hall.publishing.content import values_of
from scenario_hall.web.kit.drafting import choices_of, chosen_organization, own_organizations
from scenario_hall.web.kit.forms import attempt
from scenario_hall.web.kit.request import actor, database, login_required, taxonomy
from scenario_hall.web.kit.text_forms import TextForm, old_records, stated
from scenario_hall.web.kit.uploads import forget_uploads
from scenario_hall.web.products.pages import pages

# The blueprint, with the routes of this module.
__all__ = ["pages"]

# What a copy of an old product does not take over: it is of that one alone.
NOT_COPIED = ("version_label", "proposed_tags")


@pages.route("/start", methods=["GET", "POST"])
@login_required
def start() -> ResponseReturnValue:
    owners = own_organizations(lambda each: each.offers)
    if not owners:
        flash(_("To list a product, first create or join an organisation that is a supplier."), "info")
        return redirect(url_for("organizations.index"))
    old = old_records(database(), actor(), Product)
    form = TextForm(like=request.args.get("like", "")).choose(old)
    made = attempt(form, lambda: _start(form, chosen_organization(owners), old)) if form.validate_on_submit() else None
    if made is not None:
        forget_uploads(form.document)
        flash(_("Saved as draft %(code)s. Please check what was read from your text.", code=made.code), "success")
        return redirect(url_for("products.edit", code=made.code))
    return render_template("products/start.html", form=form, organizations=choices_of(owners))


def _start(form: TextForm, owner: Organization, old: list[Product]) -> Product:
    """A draft with what the old one and the text say."""
    like, text = next((each for each in old if each.code == form.like.data), None), form.whole_text()
    kept = values_of(FIELDS, like.content()) if like is not None else {}
    content: dict[str, Any] = {name: value for name, value in kept.items() if name not in NOT_COPIED}
    content = {**stated(content), **(stated(product_in(text, taxonomy())) if text else {})}
    return service.create_product(actor(), session=database(), organization=owner, content=content)
