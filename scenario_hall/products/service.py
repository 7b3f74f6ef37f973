"""Use cases of a product: draft, submit, list, return, amend (a new version), delist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, can, require
from scenario_hall.core.records import lock
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.codes import PRODUCT, next_code
from scenario_hall.log.transitions import apply_transition
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.service import require_verified
from scenario_hall.products import lifecycle
from scenario_hall.products.content import fill, missing, public_content
from scenario_hall.products.models import Product, ProductVersion
from scenario_hall.publishing.revisions import changes


def get_product(session: Session, code: str) -> Product:
    """Raises NotFound."""
    product = session.exec(select(Product).where(col(Product.code) == code)).first()
    if product is None:
        raise NotFound(N_("There is no product %(code)s."), code=code)
    return product


def create_product(
    actor: Actor,
    *,
    session: Session,
    organization: Organization,
    content: Mapping[str, Any] | None = None,
    external_reference: str | None = None,
    source_cells: Mapping[str, str] | None = None,
) -> Product:
    """A new draft of ``organization``. Raises Denied, Invalid."""
    require(actor, "draft", organization)
    if not organization.offers:
        raise Denied(
            N_("“%(name)s” is registered on the demand side only; it cannot list products."), name=organization.name
        )
    product = Product(
        state=lifecycle.LIFECYCLE.initial,
        code="",
        organization_id=organization.pk,
        created_by=actor.account_id,
        external_reference=external_reference,
        source_cells=dict(source_cells or {}),
    )
    fill(product, content or {})
    with transaction(session):
        product.code = next_code(session, PRODUCT)
        session.add(product)
        record_event(session, actor, product, "product.drafted", {"title": product.title})
    return product


def save_draft(
    actor: Actor, *, session: Session, product: Product, version: int | None, content: Mapping[str, Any]
) -> Product:
    """Change a draft or a returned product. Raises Denied, WrongState, StaleEdit, Invalid."""
    with transaction(session):
        lock(session, product, version)
        require(actor, "edit", product)
        if product.state not in lifecycle.DRAFTING:
            raise WrongState(N_("This is not possible any more: the state is now “%(state)s”."), state=product.state)
        before = public_content(product)
        fill(product, content)
        changed = [each.field for each in changes(before, public_content(product))]
        record_event(session, actor, product, "product.saved", {"fields": changed})
    return product


def submit_product(actor: Actor, *, session: Session, product: Product, version: int | None) -> Product:
    """Hand the product to the administrators. Raises Invalid naming each field that is missing."""
    with transaction(session):
        lock(session, product, version)
        require(actor, "view", product)
        require_verified(product.organization)
        faults = missing(product)
        if faults and can(actor, "submit", product):
            raise Invalid(faults, N_("Some things are missing before it can be submitted."))
        product.submitted_at, product.review_notes, product.state_reason = now(), {}, ""
        apply_transition(session, actor, product, "submit", data={"title": product.title})
    return product


def list_product(actor: Actor, *, session: Session, product: Product, version: int | None) -> Product:
    """Put the product into the hall as its first or next version."""
    with transaction(session):
        lock(session, product, version)
        require(actor, "view", product)
        require_verified(product.organization)
        product.listed_at = now()
        _add_version(session, actor, product, reason="")
        apply_transition(session, actor, product, "list", data={"title": product.title, "revision": product.revision})
    return product


def return_product(
    actor: Actor,
    *,
    session: Session,
    product: Product,
    version: int | None,
    reason: str,
    notes: Mapping[str, str] | None = None,
) -> Product:
    """Give the product back with a reason and, field by field, what to change."""
    told = {name: note.strip() for name, note in (notes or {}).items() if note.strip()}
    with transaction(session):
        lock(session, product, version)
        apply_transition(session, actor, product, "return", reason=reason, data={"title": product.title, "notes": told})
        product.review_notes, product.state_reason = told, reason.strip()
    return product


def amend_product(
    actor: Actor, *, session: Session, product: Product, version: int | None, content: Mapping[str, Any], reason: str
) -> Product:
    """Publish a new version of a listed product; trials go on pointing at the version that they tried."""
    with transaction(session):
        lock(session, product, version)
        require(actor, "amend", product)
        before = public_content(product)
        fill(product, content)
        faults = missing(product)
        if faults:
            raise Invalid(faults)
        changed = [each.field for each in changes(before, public_content(product))]
        if not changed:
            raise Invalid({}, N_("Nothing was changed."))
        _add_version(session, actor, product, reason=reason.strip())
        apply_transition(
            session,
            actor,
            product,
            "amend",
            reason=reason,
            data={"title": product.title, "revision": product.revision, "fields": changed},
        )
    return product


def delist_product(actor: Actor, *, session: Session, product: Product, version: int | None, reason: str) -> Product:
    """Take the product out of search and matching; its page stays findable."""
    with transaction(session):
        lock(session, product, version)
        apply_transition(session, actor, product, "delist", reason=reason, data={"title": product.title})
        product.state_reason = reason.strip()
    return product


def versions_of(session: Session, product: Product) -> list[ProductVersion]:
    """Every version that was public, the newest first."""
    query = (
        select(ProductVersion)
        .where(col(ProductVersion.product_id) == product.pk)
        .order_by(col(ProductVersion.number).desc())
    )
    return list(session.exec(query))


def current_version(session: Session, product: Product) -> ProductVersion:
    """The version that is public now. Raises NotFound for a product that was never listed."""
    query = select(ProductVersion).where(
        col(ProductVersion.product_id) == product.pk, col(ProductVersion.number) == product.revision
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound()
    return found


def _add_version(session: Session, actor: Actor, product: Product, *, reason: str) -> None:
    product.revision += 1
    session.add(
        ProductVersion(
            product_id=product.pk,
            number=product.revision,
            label=product.version_label,
            content=public_content(product),
            reason=reason,
            created_by=actor.account_id,
        )
    )
