"""How rare words are: by the hall's own records, and where these have none of a language, by the language."""

from __future__ import annotations

import json
import math

import pytest

from scenario_hall.language.text import words
from scenario_hall.matching.engine.statistics import FILE, PORTUGUESE_FILE, rarity


def test_portuguese_words_are_as_rare_as_the_language_has_them() -> None:
    week, water, pliers = (words(f"para que não seja uma {word}")[-2:][0] for word in ("semana", "água", "alicate"))
    assert rarity(week) < rarity(water) < rarity(pliers)
    assert rarity(pliers) == rarity("never-written-anywhere")


def test_what_the_halls_records_have_keeps_their_count() -> None:
    stored = json.loads(FILE.read_text("utf-8"))
    both = stored["terms"].keys() & json.loads(PORTUGUESE_FILE.read_text("utf-8")).keys()
    assert both
    total = stored["records"] + 200
    for term in both:
        count = stored["terms"][term]
        assert rarity(term) == pytest.approx(math.log(1 + (total - count + 0.5) / (count + 0.5)))
