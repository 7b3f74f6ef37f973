"""Letters to the people of a product's supplier."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import people_of
from scenario_hall.products.models import Product


def _supplier(session: Session, event: Event) -> Addressed:
    product = session.get_one(Product, event.subject_id)
    said = event.fields
    return Addressed(
        people_of(session, [product.organization_id]),
        f"/products/{product.code}",
        {"name": said.get("title", ""), "reason": said.get("reason", "")},
    )


def _invited_supplier(session: Session, event: Event) -> Addressed:
    product = session.get_one(Product, event.subject_id)
    return Addressed(
        people_of(session, [product.organization_id]),
        f"/scenarios/{event.fields['scenario']}/apply?product={product.code}",
        {"name": event.fields["title"]},
    )


LETTERS = {
    "product_listed": LetterTemplate(
        N_("Your product is in the hall"), (N_("“%(name)s” was listed: everybody can find it now."),), _supplier
    ),
    "product_returned": LetterTemplate(
        N_("Your product was returned"), (N_("“%(name)s” needs changes. Reason: %(reason)s"),), _supplier
    ),
    "product_invited": LetterTemplate(
        N_("You are invited to apply"),
        (N_("The owner of “%(name)s” would like you to apply with your product."),),
        _invited_supplier,
    ),
}
