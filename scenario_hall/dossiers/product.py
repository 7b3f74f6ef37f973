"""What the pages of a product show, each as one value for the page and its JSON twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.applications.offers import scenarios_to_apply_to
from scenario_hall.core.files import StoredFile, files_of
from scenario_hall.core.lifecycle import Transition
from scenario_hall.core.policy import Actor, can, open_transitions, require
from scenario_hall.dossiers.changes import ProposedChanges, changes_of_record
from scenario_hall.log.chain import Event
from scenario_hall.log.history import history_of
from scenario_hall.matching.service import ShownMatch, matches_of_product
from scenario_hall.outcomes.adoption.adoption import Adoption, adoptions_of
from scenario_hall.products import lifecycle
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.products.service import get_product, revisions_of
from scenario_hall.publishing.discarding import may_discard
from scenario_hall.publishing.revisions import Comparison, compare

MOST_MATCHES, MOST_NEAR_MISSES = 20, 10


@dataclass(frozen=True)
class ProductDossier:
    """A product's page as one actor may see it."""

    product: Product
    is_private: bool  # shows what only the supplier and administrators see
    pictures: Sequence[StoredFile]
    revisions: Sequence[ProductRevision]
    spread: Sequence[Adoption]
    sees_matches: bool
    matches: Sequence[ShownMatch]
    near_misses: Sequence[ShownMatch]
    can_apply_to: frozenset[int]  # scenario ids
    steps: Sequence[Transition]
    can_submit: bool
    can_amend: bool
    can_edit: bool
    can_recall: bool  # from review
    can_delete: bool
    lacking: Mapping[str, str]
    events: Sequence[Event]
    proposed: ProposedChanges


def product_dossier(session: Session, actor: Actor, code: str) -> ProductDossier:
    """Raises NotFound where the actor may not see the product."""
    product = viewed(session, actor, code)
    is_private, sees_matches = can(actor, "view_private", product), can(actor, "view_matches", product)
    found = matches_of_product(actor, session=session, product=product) if sees_matches else []
    return ProductDossier(
        product=product,
        is_private=is_private,
        pictures=files_of(session, "product", product.pk, "picture"),
        revisions=revisions_of(session, product),
        spread=adoptions_of(session, product.pk),
        sees_matches=sees_matches,
        matches=[match for match in found if match.qualifies][:MOST_MATCHES],
        near_misses=[match for match in found if not match.qualifies][:MOST_NEAR_MISSES],
        can_apply_to=scenarios_to_apply_to(session, actor, product, [match.scenario for match in found]),
        steps=[step for step in open_transitions(actor, product) if step.action == "delist"],
        can_submit=can(actor, "submit", product),
        can_amend=can(actor, "amend", product) and product.state == lifecycle.LISTED,
        can_edit=can(actor, "edit", product) and product.state in product.drafting_states,
        can_recall=can(actor, "recall", product),
        can_delete=may_discard(actor, product),
        lacking=product.missing() if is_private else {},
        events=history_of(session, actor, product),
        proposed=changes_of_record(session, actor, product),
    )


def product_revision(session: Session, actor: Actor, code: str, number: int) -> tuple[Product, Comparison]:
    """One revision beside the one before it. Raises NotFound."""
    product = viewed(session, actor, code)
    return product, compare(product.fields, revisions_of(session, product), number)


def viewed(session: Session, actor: Actor, code: str) -> Product:
    """The product, which the actor may see. Raises NotFound."""
    product = get_product(session, code)
    require(actor, "view", product)
    return product
