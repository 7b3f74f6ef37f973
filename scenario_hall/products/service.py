"""Use cases of a product: draft, submit, list, return, amend, delist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, NotFound
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.texts import N_
from scenario_hall.organizations.models import Organization
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.products.reading import SPECIFICATIONS_IN_TEXT
from scenario_hall.publishing import revisions
from scenario_hall.publishing import service as publishing
from scenario_hall.publishing.amending import amend


def get_product(session: Session, code: str) -> Product:
    """Raises NotFound."""
    product = publishing.find_by_code(session, Product, code)
    if product is None:
        raise NotFound(N_("There is no product %(code)s."), code=code)
    return product


def refuse_demand_side(actor: Actor, organization: Organization) -> None:
    """Raise Denied for an organisation that offers nothing."""
    if can(actor, "draft", organization) and not organization.offers:
        raise Denied(
            N_("“%(name)s” is registered on the demand side only; it cannot list products."), name=organization.name
        )


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
    refuse_demand_side(actor, organization)
    return publishing.create_draft(
        actor,
        session=session,
        table=Product,
        organization=organization,
        content=content,
        external_reference=external_reference,
        source_cells=source_cells,
    )


def save_draft(
    actor: Actor, *, session: Session, product: Product, version: int | None, content: Mapping[str, Any]
) -> Product:
    """Change a draft or a returned product. Raises Denied, WrongState, StaleEdit, Invalid."""
    reading = SPECIFICATIONS_IN_TEXT.read_before_saving(product, content)
    with transaction(session):
        publishing.save_draft(actor, session=session, record=product, version=version, content=content)
        product.text_reading = reading
    return product


def submit_product(actor: Actor, *, session: Session, product: Product, version: int | None) -> Product:
    """Hand the product to the administrators. Raises Invalid naming each field that is missing."""
    return publishing.submit(actor, session=session, record=product, version=version)


def list_product(actor: Actor, *, session: Session, product: Product, version: int | None) -> Product:
    """Put the product into the hall as its first or next revision."""
    return publishing.publish(
        actor, session=session, record=product, version=version, action="list", published_at="listed_at"
    )


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
    return publishing.give_back(actor, session=session, record=product, version=version, reason=reason, notes=notes)


def amend_product(
    actor: Actor, *, session: Session, product: Product, version: int | None, content: Mapping[str, Any], reason: str
) -> Product:
    """Publish a new revision of a listed product; trials go on pointing at the revision that they tried. What touches
    its substance waits for review (``publishing/amending.py``)."""
    return amend(actor, session=session, record=product, version=version, content=content, reason=reason)


def delist_product(actor: Actor, *, session: Session, product: Product, version: int | None, reason: str) -> Product:
    """Take the product out of search and matching; its page stays findable."""
    return publishing.end(actor, session=session, record=product, action="delist", version=version, reason=reason)


def revisions_of(session: Session, product: Product) -> list[ProductRevision]:
    """Every revision that was public, the newest first."""
    return revisions.revisions_of(session, product)


def current_revision(session: Session, product: Product) -> ProductRevision:
    """The revision that is public now. Raises NotFound for a product that was never listed."""
    found = session.exec(product.revision_rows().where(col(ProductRevision.number) == product.revision)).first()
    if found is None:
        raise NotFound()
    return found
