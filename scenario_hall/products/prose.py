"""A product read from a text: what its supplier would fill in, to be checked beside the text."""

from __future__ import annotations

from typing import Any

from scenario_hall.language.folding import fold
from scenario_hall.products.fields import READINESS_LEVELS
from scenario_hall.publishing.prose import (
    PRICE_WORDS,
    READING_SECONDS,
    clauses,
    ends,
    load_readers,
    sum_of,
    tags_of,
    title_and_body,
)
from scenario_hall.quantities.requirements import suggested_specifications
from scenario_hall.taxonomy.taxonomy import Taxonomy

_READINESS_WORDS = ("trl", "成熟度", "就绪度", "readiness")


def product_in(text: str, taxonomy: Taxonomy) -> dict[str, Any]:
    """The content of a draft; what the text does not say is empty."""
    title, body = title_and_body(text)
    low, high, currency = ends(sum_of(text, PRICE_WORDS))
    tags = tags_of(text, taxonomy)
    load_readers()
    lines = suggested_specifications(text, seconds=READING_SECONDS).lines
    return {
        "title": title,
        "summary": body,
        "domains": tags.domains,
        "tags": tags.tags,
        "specifications": [line.model_dump(mode="json") for line in lines if not _is_asked_elsewhere(line.metric)],
        "readiness_level": _readiness(text),
        "price_min": low,
        "price_max": high,
        "currency": currency,
    }


def _is_asked_elsewhere(metric: str) -> bool:
    """Whether a field of its own holds it: the price, the readiness."""
    folded = fold(metric)
    return any(word in folded for word in (*PRICE_WORDS, *_READINESS_WORDS))


def _readiness(text: str) -> int | None:
    """The level in a clause that speaks of readiness."""
    for clause in clauses(text):
        folded = fold(clause[:80])
        if any(word in folded for word in _READINESS_WORDS):
            levels = [int(sign) for sign in folded if sign.isascii() and sign.isdigit()]
            if len(levels) == 1 and levels[0] in READINESS_LEVELS:
                return levels[0]
    return None
