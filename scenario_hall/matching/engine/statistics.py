"""How rare words are, learned once from the hall's own kind of text, so that a pair keeps its number while others come
and go.

``data/frequencies.json`` counts in how many of its records each term stands; ``build_word_statistics.py``
makes it anew. It has no Portuguese records: how usual the words of that language are, is in ``data/portuguese.json``
(``build_portuguese_statistics.py``).
"""

from __future__ import annotations

import json
import math
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "frequencies.json"
PORTUGUESE_FILE = Path(__file__).parent / "data" / "portuguese.json"
# Records without any known word, counted in so that the rarest words do not drown everything else.
UNSEEN_RECORDS = 200
# A character that stands in more records than this says nothing.
COMMON_SHARE = 0.25


@cache
def _frequencies() -> tuple[int, dict[str, int], float]:
    stored: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return stored["records"], stored["terms"], stored["average_length"]


@cache
def _portuguese() -> dict[str, int]:
    """Stem → how often it is among a million words."""
    found: dict[str, int] = json.loads(PORTUGUESE_FILE.read_text(encoding="utf-8"))
    return found


def _records_with(term: str) -> float:
    """In how many of the records the term stands; of a Portuguese word, in how many of their length it would."""
    records, terms, length = _frequencies()
    if term in terms:
        return terms[term]
    share = _portuguese().get(term, 0) / 1e6
    expected: float = (records + UNSEEN_RECORDS) * (1 - (1 - share) ** length)
    return max(expected, 1.0 if len(term) > 1 else 0.0)


@lru_cache(maxsize=65536)
def rarity(term: str) -> float:
    """ln(1 + (N − n + ½) / (n + ½)), the idf of BM25 (Robertson and Zaragoza 2009), on the stored counts."""
    total, count = _frequencies()[0] + UNSEEN_RECORDS, _records_with(term)
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def is_common(term: str) -> bool:
    records, terms, _ = _frequencies()
    return terms.get(term, 0) > COMMON_SHARE * records


def average_length() -> float:
    """The mean weighted number of words of a record."""
    return _frequencies()[2]
