"""Writing a product: the form of a draft, and of a new revision of what is listed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.core.db import transaction
from scenario_hall.core.files import IMAGES
from scenario_hall.core.values import Specification
from scenario_hall.products import service
from scenario_hall.products.fields import FIELDS
from scenario_hall.products.models import Product
from scenario_hall.products.reading import SPECIFICATIONS_IN_TEXT
from scenario_hall.publishing.revisions import FieldChange
from scenario_hall.web.kit import content_fields
from scenario_hall.web.kit.content_forms import form_class, open_form, written
from scenario_hall.web.kit.drafting import (
    amended_so_far,
    choices_of,
    chosen_organization,
    keep_extras,
    own_organizations,
    save,
    say_amended,
)
from scenario_hall.web.kit.forms import FilesField, HallForm, attempt
from scenario_hall.web.kit.language import specification_text
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.products.pages import load, pages

# The blueprint, with the routes of this module.
__all__ = ["pages"]

PICTURES = FilesField(_l("Pictures (public)"), description=_l("PNG, JPEG or WebP, up to 10 MB each"), allowed=IMAGES)
ProductForm = form_class(FIELDS, pictures=PICTURES)
AmendProductForm = form_class(
    FIELDS,
    pictures=PICTURES,
    reason=TextAreaField(_l("What is new in this revision? (everyone can read it)"), [DataRequired()]),
)


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    owners = own_organizations(lambda each: each.offers)
    if not owners:
        flash(_("To list a product, first create or join an organisation that is a supplier."), "info")
        return redirect(url_for("organizations.index"))
    form = open_form(ProductForm, FIELDS, None)

    def make() -> Product:
        with transaction(database()):
            made = service.create_product(
                actor(), session=database(), organization=chosen_organization(owners), content=written(form, FIELDS)
            )
            keep_extras(form, made, files="pictures", role="picture")
        return made

    if form.validate_on_submit() and (made := attempt(form, make, {"files": "pictures"})) is not None:
        flash(_("Saved as draft %(code)s. Check it, then submit it.", code=made.code), "success")
        return redirect(url_for("products.show", code=made.code))
    return render_template(
        "products/edit.html", form=form, product=None, organizations=choices_of(owners), lacking={}, conflict=[]
    )


@pages.route("/<code>/edit", methods=["GET", "POST"])
@login_required
def edit(code: str) -> ResponseReturnValue:
    return _write(load(code, "edit"), ProductForm)


@pages.route("/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    return _write(load(code, "amend"), AmendProductForm)


def _write(product: Product, kind: type[HallForm]) -> ResponseReturnValue:
    """Edit a draft, or publish a new revision of what is listed."""
    proposed, values = amended_so_far(product)
    form, number = open_form(kind, FIELDS, product, values), product.revision
    read = SPECIFICATIONS_IN_TEXT.lines(product, values).lines
    suggested = content_fields.not_yet(
        list(read), [Specification.model_validate(line) for line in values["specifications"]]
    )
    conflict: list[FieldChange] = []
    if form.validate_on_submit():
        content = written(form, FIELDS, suggested)
        is_saved, conflict = save(
            form,
            lambda: save_product(form, product, content),
            record=product,
            typed=content,
            names={"files": "pictures"},
        )
        if is_saved:
            say_amended(product, number)
            stays = request.form.get("go") == "stay" and "reason" not in form
            return redirect(url_for("products.edit" if stays else "products.show", code=product.code))
    return render_template(
        "products/edit.html",
        form=form,
        product=product,
        organizations=[],
        lacking=product.missing(),
        conflict=conflict,
        proposed=proposed,
        suggestions=[(line, specification_text(line), read[line]) for line in suggested],
    )


def save_product(form: HallForm, product: Product, content: dict[str, Any]) -> Product:
    """Save what the form holds, its proposed tags and pictures with it; a form with a reason is an amendment."""
    with transaction(database()):
        version = form.shown_version()
        if "reason" in form:
            reason = form["reason"].data
            service.amend_product(
                actor(), session=database(), product=product, version=version, content=content, reason=reason
            )
        else:
            service.save_draft(actor(), session=database(), product=product, version=version, content=content)
        keep_extras(form, product, files="pictures", role="picture")
    return product
