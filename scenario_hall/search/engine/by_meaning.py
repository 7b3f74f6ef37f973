"""What the meaning of a query adds to what its words find: an order among the hits, and hits without a word of it.

Weights chosen by ``evaluate search``; docs/matching.md has the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenario_hall.language.text import Language
from scenario_hall.search.engine.plan import helpful_terms, needed_terms
from scenario_hall.search.engine.postings import Floats
from scenario_hall.search.engine.scoring import Places, WeightedTerm
from scenario_hall.search.engine.vector_store import Closeness
from scenario_hall.search.engine.view import View
from scenario_hall.search.query import Occurrence, ParsedQuery

# Added for each deviation to the share of the query's words that a hit answers.
WEIGHT = 0.05
# What the first hits are lifted by, so that those behind the window stay behind it.
WINDOWED = 10.0
# So many of the best hits are put in order by meaning, too.
WINDOW = 500
# Records that share no word: at least so close, at most so many, and for those in another language every third place.
LEAST, MOST, EVERY = 1.25, 20, 3
_CODE = re.compile(r"(?=[^\s]*\d)[a-z][a-z0-9./_-]*\d[a-z0-9./_-]*", re.IGNORECASE)


def is_exact(parsed: ParsedQuery) -> bool:
    """Does the query name something exactly, or exclude something? Then only what has its words is found."""
    return any(
        clause.is_phrase or clause.field or clause.occurrence is Occurrence.NOT or _CODE.fullmatch(clause.text)
        for clause in parsed.clauses
    )


@dataclass(frozen=True)
class WithoutWords:
    """Documents (ascending) that share no word with the query, how close they are, and which are in another language
    than it."""

    places: Places
    scores: Floats
    across: NDArray[np.bool_]


NOTHING = WithoutWords(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.bool_))


def without_words(view: View, closeness: Closeness, language: Language, found: Places) -> WithoutWords:
    """What means something close and is not ``found`` already; ``language`` is the query's."""
    rows: dict[int, tuple[float, bool]] = {}
    for across in (False, True):
        for code in closeness.closest(MOST, LEAST, language, across=across):
            for place in view.scorer.matching([WeightedTerm("code", code)]).tolist():
                rows[place] = closeness.of(code), across
    places = np.setdiff1d(np.fromiter(rows, np.int64, len(rows)), found)
    told = [rows[place] for place in places.tolist()]
    return WithoutWords(
        places,
        np.array([WINDOWED + WEIGHT * score for score, _ in told]),
        np.array([each for _, each in told], np.bool_),
    )


def reordered(view: View, closeness: Closeness, parsed: ParsedQuery, places: Places, scores: Floats) -> Floats:
    """The scores as shares of what the query's words could give, so that meaning decides where only a chance word was
    found and words decide where all were; those of the first WINDOW with what their meaning adds."""
    if not len(places) or scores.max() <= 0:
        return scores
    asked = [*needed_terms(parsed.clauses), *helpful_terms(parsed.clauses)]
    shares: Floats = scores / max(float(scores.max()), view.scorer.perfect_score(asked))
    first = np.argsort(-shares, kind="stable")[:WINDOW]
    order = np.argsort(places[first], kind="stable")
    codes = view.columns.numbers(places[first[order]], "code").tolist()
    shares[first[order]] += WINDOWED + WEIGHT * np.array([closeness.of(code.decode()) for code in codes])
    return shares


def merged(by_words: Sequence[int], by_meaning: Sequence[int], *, is_poor: bool) -> NDArray[np.int64]:
    """One list: every third place is for what is in another language; where no word was found, the first places are."""
    if is_poor:
        return np.array([*by_meaning, *by_words], np.int64)
    words, meanings = iter(by_words), iter(by_meaning)
    found: list[int] = []
    while len(found) < len(by_words) + len(by_meaning):
        first, second = (meanings, words) if (len(found) + 1) % EVERY == 0 else (words, meanings)
        found.append(next(first, -1))
        if found[-1] < 0:
            found[-1] = next(second)
    return np.array(found, np.int64)
