"""Counts how rare words are in JSON Lines with title and text.

Run as ``python -m scenario_hall.matching.engine.build_word_statistics FILE…``.

The shipped statistics come from the 200 real needs of the shared data and the demonstration's scenarios and products.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from scenario_hall.language.text import register_terms
from scenario_hall.matching.engine.features import counted_terms
from scenario_hall.matching.engine.statistics import FILE
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags


def count(texts: list[tuple[str, str]]) -> dict[str, Any]:
    """The statistics of (title, text) records, as they are stored; terms of a single record are left out."""
    taxonomy = Taxonomy(load_shipped_tags())
    register_terms(taxonomy.terms())
    frequencies: Counter[str] = Counter()
    lengths = []
    for title, text in texts:
        terms, length = counted_terms(title, text, taxonomy)
        frequencies.update(terms)
        lengths.append(length)
    kept = {term: frequency for term, frequency in sorted(frequencies.items()) if frequency > 1}
    return {"records": len(texts), "average_length": round(sum(lengths) / len(lengths), 2), "terms": kept}


def main() -> None:
    rows = [json.loads(line) for name in sys.argv[1:] for line in Path(name).read_text(encoding="utf-8").splitlines()]
    texts = [(str(row.get("title", "")), " ".join(_strings(row))) for row in rows]
    FILE.write_text(json.dumps(count(texts), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _strings(value: Any) -> list[str]:
    """The prose in a row: every text of some length, its title left out."""
    if isinstance(value, str):
        return [value] if len(value) > 6 else []
    parts = (
        [each for name, each in value.items() if name not in ("title", "id", "key", "organization")]
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else []
    )
    return [text for part in parts for text in _strings(part)]


if __name__ == "__main__":
    main()
