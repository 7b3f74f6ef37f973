"""Letters to the people of a product's supplier."""

from __future__ import annotations

from sqlmodel import Session, col, select

from scenario_hall.applications.models import Application
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event
from scenario_hall.notices.letter import Addressed, LetterTemplate
from scenario_hall.notices.people import deadline_of, people_of, standing_applications
from scenario_hall.products.models import Product
from scenario_hall.publishing.revisions import touches_substance
from scenario_hall.scenarios.models import Scenario


def _supplier(session: Session, event: Event) -> Addressed:
    product = session.get_one(Product, event.subject_id)
    said = event.fields
    return Addressed(
        people_of(session, [product.organization_id]),
        f"/products/{product.code}",
        {"name": said.get("title", ""), "reason": said.get("reason", "")},
    )


def _owners_whom_it_is_offered_to(session: Session, event: Event) -> Addressed:
    product, said = session.get_one(Product, event.subject_id), event.fields
    owners: set[int] = set()
    if touches_substance(product.fields, said.get("fields", ())):
        found = standing_applications(session, col(Application.product_id) == product.pk)
        owners = {each.scenario.organization_id for each in found if each.offers_older_product()}
    return Addressed(
        people_of(session, owners),
        f"/products/{product.code}/revisions/{product.substance_revision}",
        {"name": said.get("title", "")},
    )


def _invited_supplier(session: Session, event: Event) -> Addressed:
    product = session.get_one(Product, event.subject_id)
    return Addressed(
        people_of(session, [product.organization_id]),
        f"/scenarios/{event.fields['scenario']}/apply?product={product.code}",
        {"name": event.fields["title"]},
        until=deadline_of(session.exec(select(Scenario).where(col(Scenario.code) == event.fields["scenario"])).first()),
    )


LETTERS = {
    "product_listed": LetterTemplate(
        N_("Your product is in the hall"), (N_("“%(name)s” was listed: everybody can find it now."),), _supplier
    ),
    "product_returned": LetterTemplate(
        N_("Your product was returned"), (N_("“%(name)s” needs changes. Reason: %(reason)s"),), _supplier
    ),
    "product_substance_changed": LetterTemplate(
        N_("A product that is offered to you has changed"),
        (
            N_(
                "“%(name)s” has changed in substance since it was offered to you. Compare the two revisions; the "
                "application still shows the product as it was offered."
            ),
        ),
        _owners_whom_it_is_offered_to,
    ),
    "product_invited": LetterTemplate(
        N_("You are invited to apply"),
        (N_("The owner of “%(name)s” would like you to apply with your product."),),
        _invited_supplier,
    ),
}
