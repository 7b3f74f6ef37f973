"""Counts how usual Portuguese words are, from the frequencies of the package ``wordfreq``.

Run as ``uv run --with wordfreq==3.1.1 python -m scenario_hall.matching.engine.build_portuguese_statistics``. The
package is needed for this alone; its data is under CC BY-SA 4.0 (Robyn Speer, wordfreq, 2022), and so is what is made
of it.

The hall's own lists have no Portuguese record yet, so that every Portuguese word would count as the rarest.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module

from scenario_hall.language.folding import fold
from scenario_hall.language.text import words
from scenario_hall.matching.engine.statistics import PORTUGUESE_FILE

# Among a million words: what is rarer stands in less than one record of those that rarities are counted in.
LEAST = 20
# A sentence that shows its language, to which each word is added.
_SENTENCE = {"pt": "para que não seja uma ", "en": "that is for the "}


def main() -> None:
    frequencies = import_module("wordfreq").get_frequency_dict
    portuguese, english = (by_stem(frequencies(language, "small"), _SENTENCE[language]) for language in ("pt", "en"))
    # A stem of both languages belongs to the one that says it more often.
    own = {
        stem: round(share * 1e6)
        for stem, share in sorted(portuguese.items())
        if share * 1e6 >= LEAST and share > english.get(stem, 0.0)
    }
    PORTUGUESE_FILE.write_text(json.dumps(own, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def by_stem(frequencies: Mapping[str, float], sentence: str) -> dict[str, float]:
    """The shares of all words of one stem together."""
    shares: defaultdict[str, float] = defaultdict(float)
    before = len(words(sentence))
    for word, share in frequencies.items():
        if share * 1e6 >= 1 and word.isalpha():
            for stem in words(sentence + fold(word))[before:]:
                shares[stem] += share
    return dict(shares)


if __name__ == "__main__":
    main()
