"""What is known against a claim to be the first: earlier trials and uses, products like it, declarations, and links
between the two sides. Reviewers see it, and everybody during the public notice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from scenario_hall.matching.features import Need, features_of_need, features_of_offer
from scenario_hall.matching.pairing import likeness_of
from scenario_hall.matching.records import offer_of
from scenario_hall.outcomes.independence import LinkKind, links_between
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.rules import Scope
from scenario_hall.outcomes.workflow import APPROVED, CONFIRMED, NOTICE, REPORTED, RUNNING
from scenario_hall.products.models import Product
from scenario_hall.taxonomy.regions import region
from scenario_hall.taxonomy.taxonomy import Taxonomy

# The share of a product's own weight that another one's words answer, from which on the two look alike.
ALIKE = 0.35
# Trials and uses that have begun count, whether anything was claimed for them or not.
BEGUN = (RUNNING, REPORTED, CONFIRMED, NOTICE, APPROVED)
NOTHING = frozenset({"", "无", "無", "none", "no", "n/a", "没有", "沒有"})


class ConflictKind(StrEnum):
    SAME_PRODUCT = "same_product"
    SIMILAR_PRODUCT = "similar_product"
    DECLARED = "declared"
    SHARED_OWNER = LinkKind.SHARED_OWNER.value
    SAME_LEGAL_PERSON = LinkKind.SAME_LEGAL_PERSON.value
    SHARED_PEOPLE = LinkKind.SHARED_PEOPLE.value
    SAME_ADDRESS = LinkKind.SAME_ADDRESS.value
    SAME_WEBSITE = LinkKind.SAME_WEBSITE.value


@dataclass(frozen=True)
class Conflict:
    """One thing to look at. ``outcome`` is public or that of the claim's own product; ``likeness`` 0–1."""

    kind: ConflictKind
    outcome: Outcome | None = None
    likeness: float = 0.0
    text: str = ""


def conflict_report(session: Session, outcome: Outcome, taxonomy: Taxonomy) -> list[Conflict]:
    """Everything that speaks against the claim, the gravest first. Empty when nothing is known."""
    scope = Scope(outcome.scope) if outcome.scope else Scope.CITY
    earlier = [other for other in _earlier(session, outcome) if is_within(other.scenario.region, outcome, scope)]
    found = [
        Conflict(ConflictKind.SAME_PRODUCT, other, 1.0) for other in earlier if other.product_id == outcome.product_id
    ]
    mine = _as_need(outcome.product)
    need = features_of_need(mine, taxonomy)
    for other in earlier:
        if other.product_id != outcome.product_id and other.is_public():
            likeness = likeness_of(need, features_of_offer(offer_of(other.product), taxonomy))
            if likeness >= ALIKE:
                found.append(Conflict(ConflictKind.SIMILAR_PRODUCT, other, round(likeness, 2)))
    on_the_page = str(outcome.product_version.content.get("earlier_uses", ""))
    declared = (outcome.declarations.get("earlier_sales", ""), on_the_page)
    found += [Conflict(ConflictKind.DECLARED, text=text) for text in dict.fromkeys(declared) if _says_something(text)]
    found += [Conflict(ConflictKind(link.kind), text=link.text) for link in links_between(session, outcome)]
    found.sort(key=lambda conflict: (list(ConflictKind).index(conflict.kind), -conflict.likeness))
    return found


def is_within(code: str, outcome: Outcome, scope: Scope) -> bool:
    """Does a region lie in the scope that is claimed?"""
    own = outcome.scenario.region
    match scope:
        case Scope.CITY:
            return code == own
        case Scope.BAY_AREA:
            return bool(code) and region(code).greater_bay_area
        case Scope.PROVINCE:
            return code[:2] == own[:2]
        case _:
            return True


def _earlier(session: Session, outcome: Outcome) -> list[Outcome]:
    query = select(Outcome).where(
        col(Outcome.state).in_(BEGUN), col(Outcome.id) != outcome.key, col(Outcome.starts_on) <= outcome.starts_on
    )
    if outcome.kind == OutcomeKind.FIRST_USE:
        # A trial before its own first use is how it should be.
        query = query.where(
            (col(Outcome.product_id) != outcome.product_id) | (col(Outcome.kind) == OutcomeKind.FIRST_USE)
        )
    return list(session.exec(query.order_by(col(Outcome.starts_on), col(Outcome.id))))


def _as_need(product: Product) -> Need:
    return Need(
        code=product.code, title=f"{product.title} {product.model}".strip(), wanted=product.summary,
        domains=tuple(product.domains), tags=tuple(product.tags),
    )  # fmt: skip


def _says_something(text: str) -> bool:
    return text.strip(" 。.").lower() not in NOTHING
