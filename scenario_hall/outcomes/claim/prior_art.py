"""What is known against a claim to be the first: earlier trials and uses, products like it, declarations, and links
between the two sides. Reviewers see it, and everybody during the public notice. Which products are alike is kept by
``PriorArtReader``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import Session, col, select

from scenario_hall.core.clock import local_day
from scenario_hall.core.texts import N_
from scenario_hall.organizations.facts import values_that_count
from scenario_hall.outcomes.claim.independence import LinkKind, links_between
from scenario_hall.outcomes.claim.models import PriorArtCheck
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.lifecycle import APPROVED, CONFIRMED, NOTICE, REPORTED, RUNNING
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.taxonomy.regions import region

# Trials and uses that have begun count, whether anything was claimed for them or not.
BEGUN = (RUNNING, REPORTED, CONFIRMED, NOTICE, APPROVED)
NOTHING = frozenset({"", "无", "無", "none", "no", "n/a", "没有", "沒有"})


class PriorArtKind(StrEnum):
    SAME_PRODUCT = "same_product"
    SIMILAR_PRODUCT = "similar_product"
    LISTED_EARLIER = "listed_earlier"
    DECLARED = "declared"
    SHARED_OWNER = LinkKind.SHARED_OWNER.value
    SAME_LEGAL_PERSON = LinkKind.SAME_LEGAL_PERSON.value
    SHARED_PEOPLE = LinkKind.SHARED_PEOPLE.value
    SAME_ADDRESS = LinkKind.SAME_ADDRESS.value
    SAME_WEBSITE = LinkKind.SAME_WEBSITE.value


PRIOR_ART_NAMES: dict[str, str] = {
    PriorArtKind.SAME_PRODUCT: N_("Earlier record of the same product"),
    PriorArtKind.SIMILAR_PRODUCT: N_("Earlier similar product"),
    PriorArtKind.LISTED_EARLIER: N_("Similar product, listed earlier"),
    PriorArtKind.DECLARED: N_("Declared earlier sales or uses"),
    PriorArtKind.SHARED_OWNER: N_("Both sides have the same owner, or one owns the other"),
    PriorArtKind.SAME_LEGAL_PERSON: N_("Both sides have the same legal representative"),
    PriorArtKind.SHARED_PEOPLE: N_("People who belong to both sides"),
    PriorArtKind.SAME_ADDRESS: N_("Both sides have the same address"),
    PriorArtKind.SAME_WEBSITE: N_("Both sides have the same website"),
}


@dataclass(frozen=True)
class PriorArt:
    """One thing to look at. ``outcome`` is public or that of the claim's own product; ``product`` is public and was
    listed ``since`` that day; ``likeness`` 0–1."""

    kind: PriorArtKind
    outcome: Outcome | None = None
    product: Product | None = None
    since: date | None = None
    likeness: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class PriorArtReport:
    """Everything that speaks against a claim, the gravest first; ``checked_at`` is None until the products of the
    hall were compared with the claim's."""

    found: tuple[PriorArt, ...]
    checked_at: datetime | None


def prior_art_report(session: Session, outcome: Outcome) -> PriorArtReport:
    """What is known against the claim. Costs what is found, not what the hall holds."""
    scope = Scope(outcome.scope) if outcome.scope else Scope.CITY
    check = session.get(PriorArtCheck, outcome.pk, populate_existing=True)
    likeness = {int(key): share for key, share in check.alike} if check is not None else {}
    earlier = [
        other
        for other in _earlier(session, outcome, [outcome.product_id, *likeness])
        if is_within(other.scenario.region, outcome, scope)
    ]
    found = [
        PriorArt(PriorArtKind.SAME_PRODUCT, other, likeness=1.0)
        for other in earlier
        if other.product_id == outcome.product_id
    ]
    tried = [other for other in earlier if other.product_id in likeness and other.is_public()]
    found += [
        PriorArt(PriorArtKind.SIMILAR_PRODUCT, other, likeness=round(likeness[other.product_id], 2)) for other in tried
    ]
    tried_ids = {other.product_id for other in tried}
    found += [
        PriorArt(PriorArtKind.LISTED_EARLIER, product=product, since=since, likeness=round(likeness[product.pk], 2))
        for product, since in _listed_before(session, outcome, set(likeness) - tried_ids)
        if any(is_within(code, outcome, scope) for code in values_that_count(session, product.organization, "region"))
    ]
    on_the_page = str(outcome.product_revision.content.get("earlier_uses", ""))
    declared = (outcome.declarations.get("earlier_sales", ""), on_the_page)
    found += [PriorArt(PriorArtKind.DECLARED, text=text) for text in dict.fromkeys(declared) if _says_something(text)]
    found += [PriorArt(PriorArtKind(link.kind), text=link.text) for link in links_between(session, outcome)]
    found.sort(key=lambda each: (list(PriorArtKind).index(each.kind), -each.likeness))
    return PriorArtReport(tuple(found), check.checked_at if check is not None else None)


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


def _earlier(session: Session, outcome: Outcome, products: Sequence[int]) -> list[Outcome]:
    """Trials and uses of these products that had begun when the claim's had."""
    query = select(Outcome).where(
        col(Outcome.product_id).in_(products),
        col(Outcome.state).in_(BEGUN),
        col(Outcome.id) != outcome.pk,
        col(Outcome.starts_on) <= outcome.starts_on,
    )
    if outcome.kind == OutcomeKind.FIRST_USE:
        # A trial before its own first use is how it should be.
        query = query.where(
            (col(Outcome.product_id) != outcome.product_id) | (col(Outcome.kind) == OutcomeKind.FIRST_USE)
        )
    return list(session.exec(query.order_by(col(Outcome.starts_on), col(Outcome.id))))


def _listed_before(session: Session, outcome: Outcome, products: Iterable[int]) -> list[tuple[Product, date]]:
    """Public products of which a version was listed before the trial or use of the claim began, with that day."""
    first = (
        select(col(ProductRevision.product_id), func.min(ProductRevision.created_at))
        .where(col(ProductRevision.product_id).in_(products))
        .group_by(col(ProductRevision.product_id))
    )
    since = {key: local_day(at) for key, at in session.exec(first)}
    early = [key for key, day in since.items() if outcome.starts_on is not None and day < outcome.starts_on]
    rows = session.exec(select(Product).where(col(Product.id).in_(early)).order_by(col(Product.id)))
    return [(product, since[product.pk]) for product in rows if product.is_public()]


def _says_something(text: str) -> bool:
    return text.strip(" 。.").lower() not in NOTHING
