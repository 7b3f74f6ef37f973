"""Checks of what a supplier writes of a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Specification
from scenario_hall.products.models import HeldCertificate, Product, ProductContent
from scenario_hall.publishing.content import check_range, parse_lines, strip_texts

FIELDS = tuple(ProductContent.model_fields)


def public_content(product: Product) -> dict[str, Any]:
    """The content as JSON values: what a version keeps."""
    return product.model_dump(mode="json", include=set(FIELDS))


def fill(product: Product, content: Mapping[str, Any]) -> None:
    """Put the given fields (any of FIELDS) into ``product``. Raises Invalid, field by field, changing nothing then."""
    faults: dict[str, str] = {}
    clean = strip_texts(content, fields=FIELDS, table=Product, faults=faults)
    if "specifications" in clean:
        clean["specifications"] = parse_lines(
            clean["specifications"],
            Specification,
            field="specifications",
            told=N_("Each specification needs a metric, and its range must go up."),
            faults=faults,
        )
    if "certificates" in clean:
        clean["certificates"] = parse_lines(
            clean["certificates"],
            HeldCertificate,
            field="certificates",
            told=N_("Each certificate needs a name; its expiry is a date."),
            faults=faults,
        )
    level = clean.get("readiness_level")
    if level is not None and not 1 <= level <= 9:
        faults["readiness_level"] = N_("The readiness level goes from 1 to 9.")
    low, high = clean.get("price_min", product.price_min), clean.get("price_max", product.price_max)
    check_range(low, high, fields=("price_min", "price_max"), faults=faults)
    if faults:
        raise Invalid(faults)
    for name, value in clean.items():
        setattr(product, name, value)


def missing(product: Product) -> dict[str, str]:
    """What a submission still needs: field → what to do. Empty when it is complete."""
    needed = {
        "title": N_("Give the product's name."),
        "summary": N_("Say what it does."),
        "domains": N_("Choose at least one domain."),
        "readiness_level": N_("Give the readiness level, 1 to 9."),
        "earlier_uses": N_(
            "State earlier sales or uses, or write that there were none: a “first” is tested against it."
        ),
    }
    if product.is_managed_by_hall():
        needed = {"title": needed["title"]}
    return {name: told for name, told in needed.items() if not getattr(product, name)}
