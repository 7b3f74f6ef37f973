"""What of a record enters the index: released scenarios and listed products of verified organisations, nothing else."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from scenario_hall.core.money import in_yuan
from scenario_hall.core.values import Requirement, Specification
from scenario_hall.products.fields import HeldCertificate
from scenario_hall.products.models import Product
from scenario_hall.publishing.fields import ContentField
from scenario_hall.publishing.models import Publishable
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.taxonomy.taxonomy import Taxonomy


def scenario_document(scenario: Scenario, taxonomy: Taxonomy) -> IndexDocument | None:
    """The scenario as it is indexed; None when nobody but its owner may find it."""
    if not scenario.is_public() or scenario.released_at is None:
        return None
    return IndexDocument(
        kind="scenario",
        code=scenario.code,
        title=scenario.title,
        summary=scenario.wanted_result or scenario.situation,
        body=body_of(scenario),
        organization="" if scenario.is_managed_by_hall() else scenario.organization.name,
        tags=tuple(scenario.tags),
        domains=tuple(scenario.domains),
        region=(scenario.region,) if scenario.region else (),
        state=scenario.state,
        open=scenario.is_open(),
        budget_low=in_yuan(scenario.budget_min, scenario.currency),
        budget_high=in_yuan(scenario.budget_max, scenario.currency),
        readiness=None,
        deadline=scenario.deadline,
        posted=scenario.released_at,
        tag_words=tag_words([*scenario.domains, *scenario.tags], scenario.proposed_tags, taxonomy),
    )


def product_document(product: Product, taxonomy: Taxonomy) -> IndexDocument | None:
    """The product as it is indexed; None when nobody but its supplier may find it."""
    if not product.is_public() or product.listed_at is None:
        return None
    return IndexDocument(
        kind="product",
        code=product.code,
        title=product.title,
        summary=product.summary,
        body=body_of(product),
        organization="" if product.is_managed_by_hall() else product.organization.name,
        tags=tuple(product.tags),
        domains=tuple(product.domains),
        region=tuple(product.regions_served),
        state=product.state,
        open=product.is_open(),
        budget_low=in_yuan(product.price_min, product.currency),
        budget_high=in_yuan(product.price_max, product.currency),
        readiness=product.readiness_level,
        deadline=None,
        posted=product.listed_at,
        tag_words=tag_words([*product.domains, *product.tags], product.proposed_tags, taxonomy),
    )


def body_of(record: Publishable) -> str:
    """The words of the searched fields."""
    fields = (field for field in record.fields if field.is_searched and not field.is_private)
    parts = (part for field in fields for part in _words(field, getattr(record, field.name)))
    return "\n".join(part for part in parts if part)


def _words(field: ContentField, value: Any) -> list[str]:
    """What somebody could search for in a field's value: of a line its metric, number, unit and note, or its name."""
    if field.line is None:
        return [value]
    return [_line_words(field.line.model_validate(line)) for line in value]


def _line_words(line: BaseModel) -> str:
    match line:
        case Requirement() | Specification():
            return " ".join(part for part in (line.metric, _number(line.value), line.unit, line.note) if part)
        case HeldCertificate():
            return line.name
    raise TypeError(f"the words of a {type(line).__name__} are not known")


def tag_words(slugs: list[str], proposed: list[str], taxonomy: Taxonomy) -> str:
    """Names and synonyms, in every language, of the tags and of what stands above them."""
    words: list[str] = list(proposed)
    for slug in dict.fromkeys(each for own in slugs for each in (own, *taxonomy.ancestors(own))):
        tag = taxonomy.get(slug)
        words += tag.terms
    return " ; ".join(dict.fromkeys(words))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
