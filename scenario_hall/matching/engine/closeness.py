"""How close a scenario and a product are in meaning, from their vectors.

A scenario has a vector of its whole and one of each sentence that asks, with the title before it; a product has one
of its whole. The best cosine counts: of two pages the one sentence does, and of three needs in one text the one that
the product answers. Cosines say little by themselves: some texts lie close to everything, and two of one language
closer than two of two. So the best one is told as a standard score among those of a fixed list of products in the
product's language (``data/reference.jsonl``), and a pair keeps its number while other records come and go.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scenario_hall.language.text import Language, language_of
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.meaning.vectors import Packed, cosines, pack

LANGUAGES = tuple(Language)
# No list of products is so uniform that a cosine says more.
LEAST_DEVIATION = 0.02
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Meaning:
    """The vectors of a record's parts, the whole first, and the place of its language in LANGUAGES. Of a scenario, too,
    how close it is to products of each language, as mean and deviation."""

    vectors: Packed
    language: int
    means: Floats
    deviations: Floats


Reference = Mapping[Language, Packed]


@cache
def reference_texts() -> tuple[tuple[Language, str], ...]:
    """The fixed list of products: language and text of each."""
    path = Path(__file__).parent / "data" / "reference.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple((Language(row["language"]), f"{row['title']}\n{row['text']}") for row in rows)


def reference_of(vectors: Packed) -> Reference:
    """The vectors of ``reference_texts``, by language."""
    languages = [language for language, _ in reference_texts()]
    return {
        language: vectors[[place for place, each in enumerate(languages) if each is language]] for language in LANGUAGES
    }


def encode_reference(encoder: Encoder) -> Reference:
    """The same, made now. Raises OSError where a server does not answer."""
    return reference_of(pack(encoder.encode([text for _, text in reference_texts()])))


def meaning_of(text: str, vectors: Packed, reference: Reference) -> Meaning:
    """The meaning of a record of this text with these vectors of its parts."""
    best = [cosines(vectors, reference[language]).max(axis=0) for language in LANGUAGES]
    return Meaning(
        vectors=vectors,
        language=LANGUAGES.index(language_of(text)),
        means=np.array([each.mean() for each in best]),
        deviations=np.array([max(LEAST_DEVIATION, float(each.std())) for each in best]),
    )


def standard_score(need: Meaning, offer: Meaning) -> float:
    """How much closer the two are than the scenario is to most products of that language, in deviations."""
    best = cosines(need.vectors, offer.vectors[:1]).max()
    return float((best - need.means[offer.language]) / need.deviations[offer.language])


def standard_scores(need: Meaning, vectors: Packed, languages: NDArray[np.int8]) -> Floats:
    """The same for many products, of each the vector of the whole; shape (products,)."""
    best = cosines(need.vectors, vectors).max(axis=0)
    return np.asarray((best - need.means[languages]) / need.deviations[languages], np.float64)
