"""Products: the list, the public page, the form, versions, actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import NotFound, StaleEdit
from scenario_hall.core.files import IMAGES, files_of
from scenario_hall.core.policy import can, open_transitions, require
from scenario_hall.core.values import Specification
from scenario_hall.matching.service import matches_of_product
from scenario_hall.organizations.members import organizations_of
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.adoption.spread import spread_of
from scenario_hall.products import lifecycle, service
from scenario_hall.products.fields import FIELDS
from scenario_hall.products.models import Product
from scenario_hall.publishing.revisions import FieldChange, changes
from scenario_hall.quantities.requirements import read_specifications
from scenario_hall.taxonomy.service import propose_tags
from scenario_hall.web.kit import content_fields as parts
from scenario_hall.web.kit.forms import (
    CURRENCIES,
    ChipsField,
    FilesField,
    HallForm,
    WholeSumField,
    WordsField,
    attempt,
)
from scenario_hall.web.kit.language import specification_text
from scenario_hall.web.kit.names import DONE
from scenario_hall.web.kit.presenters import shown_changes
from scenario_hall.web.kit.request import actor, database, login_required
from scenario_hall.web.public.listing import events_of, search_page

pages = Blueprint("products", __name__, url_prefix="/products")
NULLABLE = {"price_min", "price_max", "readiness_level"}
LEVELS = {
    1: _l("1 · basic principle observed"),
    2: _l("2 · concept formulated"),
    3: _l("3 · proof of concept"),
    4: _l("4 · validated in the laboratory"),
    5: _l("5 · validated in a relevant environment"),
    6: _l("6 · demonstrated in a relevant environment"),
    7: _l("7 · prototype in an operational environment"),
    8: _l("8 · complete and qualified"),
    9: _l("9 · proven in operation"),
}


class ProductForm(HallForm):
    title = StringField(_l("Name"), [DataRequired(), Length(max=200)])
    model = StringField(_l("Model"), [Length(max=100)])
    version_label = StringField(_l("Version"), [Length(max=60)])
    summary = TextAreaField(_l("What it does"))
    limits = TextAreaField(_l("What it does not do"))
    domains = ChipsField(_l("Domains"))
    tags = ChipsField(_l("Technologies and kinds of places"))
    proposed_tags = WordsField(_l("Something missing? Propose tags"), description=_l("Separated by commas"))
    specifications = parts.lines_field(
        parts.SpecificationForm, _l("Specifications"), _l("Measured lines, e.g. flight time · 45 · min")
    )
    readiness_level = SelectField(
        _l("Readiness level"), coerce=lambda text: int(text) if text not in ("", None) else None
    )
    earlier_uses = TextAreaField(
        _l("Earlier sales or uses"),
        description=_l("A claimed “first” is tested against this. Write “none” if there were none."),
    )
    certificates = parts.lines_field(parts.CertificateForm, _l("Certificates and licences"))
    intellectual_property = TextAreaField(_l("Intellectual property"))
    price_min = WholeSumField(_l("Price from"), [Optional()])
    price_max = WholeSumField(_l("Price up to"), [Optional()])
    currency = SelectField(_l("Currency"), choices=CURRENCIES)
    regions_served = ChipsField(_l("Regions served"), description=_l("None chosen means everywhere."))
    pictures = FilesField(_l("Pictures (public)"), description=_l("PNG, JPEG or WebP, up to 10 MB each"))

    def choose(self) -> ProductForm:
        self.domains.choices, self.tags.choices = parts.domain_choices(), parts.tag_choices(self.domains.data or ())
        self.regions_served.choices = parts.region_choices()
        self.readiness_level.choices = [("", "—"), *LEVELS.items()]
        if not self.is_submitted():
            parts.with_spare_lines(self.specifications)
            parts.with_spare_lines(self.certificates)
        return self

    def content(self, suggested: Sequence[Specification] = ()) -> dict[str, Any]:
        left_out = {"csrf_token", "pictures", "reason"}
        content = {field.short_name: field.data for field in self if field.short_name not in left_out}
        content["specifications"] = parts.written_lines(self.specifications) + parts.taken(suggested)
        content["certificates"] = parts.written_lines(self.certificates, key="name")
        return {name: "" if value is None and name not in NULLABLE else value for name, value in content.items()}


class AmendProductForm(ProductForm):
    reason = TextAreaField(_l("What is new in this version? (everyone reads it)"), [DataRequired()])


def filled(form: type[ProductForm], product: Product) -> ProductForm:
    data = {name: getattr(product, name) for name in type(product).model_fields}
    return form(data={**data, "certificates": parts.dated(product.certificates)}).choose()


def load(code: str, action: str = "view") -> Product:
    product = service.get_product(database(), code)
    require(actor(), action, product)
    return product


def keep_pictures(form: ProductForm, product: Product) -> None:
    """Pictures and proposed tags, in the caller's transaction."""
    parts.store_uploads(form.pictures, kind="product", subject_id=product.pk, role="picture", allowed=IMAGES)
    propose_tags(database(), words=product.proposed_tags, subject_kind="product", subject_code=product.code)


@pages.get("/")
def index() -> ResponseReturnValue:
    return render_template("products/index.html", **search_page(kind="product"))


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    product = load(code)
    is_private = can(actor(), "view_private", product)
    sees_matches = can(actor(), "view_matches", product)
    found = matches_of_product(actor(), session=database(), product=product) if sees_matches else []
    return render_template(
        "products/show.html",
        product=product,
        is_private=is_private,
        pictures=files_of(database(), "product", product.pk, "picture"),
        versions=service.revisions_of(database(), product),
        spread=spread_of(database(), product.pk),
        sees_matches=sees_matches,
        matches=[match for match in found if match.qualifies][:20],
        near_misses=[match for match in found if not match.qualifies][:10],
        steps=[step for step in open_transitions(actor(), product) if step.action == "delist"],
        can_submit=can(actor(), "submit", product),
        can_amend=can(actor(), "amend", product) and product.state == lifecycle.LISTED,
        can_edit=can(actor(), "edit", product) and product.state in lifecycle.DRAFTING,
        lacking=product.missing() if is_private else {},
        events=events_of("product", product.pk) if is_private else [],
        levels=LEVELS,
    )


@pages.get("/<code>/versions/<int:number>")
def version(code: str, number: int) -> ResponseReturnValue:
    product = load(code)
    found = {each.number: each for each in service.revisions_of(database(), product)}
    if number not in found:
        raise NotFound()
    before = found.get(number - 1)
    differences = changes(FIELDS, before.content, found[number].content) if before else []
    return render_template(
        "products/version.html",
        product=product,
        version=found[number],
        before=before,
        changes=shown_changes(differences),
        numbers=sorted(found),
    )


@pages.route("/new", methods=["GET", "POST"])
@login_required
def create() -> ResponseReturnValue:
    form = ProductForm().choose()
    choices = [
        (each.pk, each.name)
        for __, each in organizations_of(database(), actor().account_id or 0)
        if actor().edits(each.pk) and each.offers
    ]
    if not choices:
        flash(_("To list a product, first create or join an organisation that is a supplier."), "info")
        return redirect(url_for("organizations.index"))
    if form.validate_on_submit():
        organization = database().get_one(Organization, int(request.form.get("organization") or choices[0][0]))

        def make() -> Product:
            with transaction(database()):
                made = service.create_product(
                    actor(), session=database(), organization=organization, content=form.content()
                )
                keep_pictures(form, made)
            return made

        made = attempt(form, make, {"files": "pictures"})
        if made is not None:
            flash(_("Saved as draft %(code)s. Look it over, then submit it.", code=made.code), "success")
            return redirect(url_for("products.show", code=made.code))
    return render_template(
        "products/edit.html", form=form, product=None, organizations=choices, lacking={}, conflict=[]
    )


@pages.route("/<code>/edit", methods=["GET", "POST"])
@login_required
def edit(code: str) -> ResponseReturnValue:
    return _write(load(code, "edit"), ProductForm)


@pages.route("/<code>/amend", methods=["GET", "POST"])
@login_required
def amend(code: str) -> ResponseReturnValue:
    return _write(load(code, "amend"), AmendProductForm)


def _write(product: Product, kind: type[ProductForm]) -> ResponseReturnValue:
    """Edit a draft, or publish a new version of what is listed."""
    form = kind().choose() if request.method == "POST" else filled(kind, product)
    conflict: list[FieldChange] = []
    suggested = parts.not_yet(read_specifications(product.summary), product.specification_lines)

    def save() -> Product:
        with transaction(database()):
            if isinstance(form, AmendProductForm):
                service.amend_product(
                    actor(),
                    session=database(),
                    product=product,
                    version=form.shown_version(),
                    content=form.content(suggested),
                    reason=form.reason.data,
                )
            else:
                service.save_draft(
                    actor(),
                    session=database(),
                    product=product,
                    version=form.shown_version(),
                    content=form.content(suggested),
                )
            keep_pictures(form, product)
        return product

    if form.validate_on_submit():
        try:
            if attempt(form, save, {"files": "pictures"}) is not None:
                flash(_("Saved."), "success")
                stays = request.form.get("go") == "stay" and not isinstance(form, AmendProductForm)
                return redirect(url_for("products.edit" if stays else "products.show", code=product.code))
        except StaleEdit:
            database().rollback()
            typed = form.content()
            conflict = changes(FIELDS, {name: getattr(product, name) for name in typed}, typed)
    return render_template(
        "products/edit.html",
        form=form,
        product=product,
        organizations=[],
        lacking=product.missing(),
        conflict=shown_changes(conflict),
        suggestions=[(line, specification_text(line), "") for line in suggested],
    )


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
