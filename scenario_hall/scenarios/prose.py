"""A scenario read from a text: what its author would fill in, to be checked beside the text."""

from __future__ import annotations

from typing import Any

from scenario_hall.publishing.prose import (
    BUDGET_WORDS,
    READING_SECONDS,
    deadline_of,
    ends,
    load_readers,
    region_of,
    sum_of,
    tags_of,
    title_and_body,
)
from scenario_hall.quantities.requirements import suggested_requirements, wanted_part
from scenario_hall.taxonomy.taxonomy import Taxonomy


def scenario_in(text: str, taxonomy: Taxonomy) -> dict[str, Any]:
    """The content of a draft; what the text does not say is empty."""
    title, body = title_and_body(text)
    situation, wanted = wanted_part(body)
    if not situation.strip():
        situation, wanted = body, ""
    load_readers()
    lines = suggested_requirements(wanted, situation, seconds=READING_SECONDS).lines
    low, high, currency = ends(sum_of(text, BUDGET_WORDS))
    tags = tags_of(text, taxonomy)
    return {
        "title": title,
        "situation": situation.strip(),
        "wanted_result": wanted.strip(),
        "domains": tags.domains,
        "tags": tags.tags,
        "region": region_of(text),
        "requirements": [line.model_dump(mode="json") for line in lines],
        "budget_min": low,
        "budget_max": high,
        "currency": currency,
        "deadline": deadline_of(text),
    }
