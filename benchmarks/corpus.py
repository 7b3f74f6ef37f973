"""Synthetic documents with a natural (Zipf) distribution of Chinese words, the same in every run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from scenario_hall.config import ROOT
from scenario_hall.language.text import words
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VOCABULARY = 30_000
TITLE_WORDS, BODY_WORDS = 5, 45
SEED = 2026


@cache
def vocabulary() -> list[str]:
    """Chinese words, the most frequent first: those of the demonstration data and the taxonomy, then pairs of them."""
    counts: Counter[str] = Counter()
    for path in sorted((ROOT / "scenario_hall" / "demonstration" / "data").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            counts.update(word for word in words(" ".join(_texts(json.loads(line)))) if "一" <= word[0] <= "鿿")
    known = [word for word, _ in counts.most_common()]
    generator = np.random.default_rng(SEED)
    short = [word for word in known if len(word) == 2]
    made: dict[str, None] = dict.fromkeys(known)
    while len(made) < VOCABULARY:
        first, second = generator.integers(0, len(short), 2)
        made[short[first][0] + short[second][1]] = None
    return list(made)[:VOCABULARY]


def documents(count: int, kind: str = "") -> Iterator[IndexDocument]:
    """``count`` documents; both kinds in turn unless one is asked for."""
    taxonomy = Taxonomy(load_shipped_tags())
    domains = [tag.slug for tag in taxonomy.domains()]
    tags = [tag.slug for tag in taxonomy.tags]
    regions = [region.code for region in REGIONS]
    generator = np.random.default_rng(SEED)
    ranks = zipf(generator, count * (TITLE_WORDS + BODY_WORDS)).reshape(count, -1)
    names = np.array(vocabulary())
    for number in range(count):
        drawn = names[ranks[number]]
        is_scenario = (number % 2 == 0) if not kind else kind == "scenario"
        budget = float(10 ** generator.uniform(4.5, 7))
        yield IndexDocument(
            kind="scenario" if is_scenario else "product",
            code=f"{'S' if is_scenario else 'P'}-2026-{number:06d}",
            title="".join(drawn[:TITLE_WORDS]),
            summary="",
            body=",".join("".join(part) for part in np.array_split(drawn[TITLE_WORDS:], 6)),
            organization=f"单位{number % 500}",
            tags=(tags[int(generator.integers(len(tags)))],),
            domains=(domains[int(generator.integers(len(domains)))],),
            region=(regions[int(generator.integers(len(regions)))],),
            state="released" if is_scenario else "listed",
            open=True,
            budget_low=budget,
            budget_high=budget * 2,
            readiness=None if is_scenario else 3 + number % 7,
            deadline=NOW + timedelta(days=1 + number % 120) if is_scenario else None,
            posted=NOW - timedelta(minutes=number),
            tag_words="",
        )


def queries(count: int, least: int, most: int, seed: int = SEED) -> list[list[str]]:
    """Lists of ``least`` to ``most`` words, drawn as the documents' are, but without the fifty most frequent."""
    generator = np.random.default_rng(seed + 1)
    found = []
    while len(found) < count:
        length = int(generator.integers(least, most + 1))
        ranks = dict.fromkeys(rank for rank in zipf(generator, 20 * length).tolist() if rank >= 50)
        if len(ranks) >= length:
            found.append([vocabulary()[rank] for rank in list(ranks)[:length]])
    return found


def zipf(generator: np.random.Generator, size: int) -> np.ndarray:
    """Ranks with probability ∝ 1 / (rank + 2.7), Zipf's law as Mandelbrot corrected it."""
    return np.searchsorted(_sums(), generator.random(size)).clip(max=VOCABULARY - 1)


@cache
def _sums() -> np.ndarray:
    weights = 1.0 / (np.arange(VOCABULARY) + 2.7)
    return np.cumsum(weights / weights.sum())


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]
