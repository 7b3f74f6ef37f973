"""How often each term stands in a text, weighted: words, parts of words, characters, and the glosses of words."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nlargest
from pathlib import Path

from scenario_hall.language.folding import fold
from scenario_hall.language.glossary import glosses
from scenario_hall.language.text import characters, is_cjk, tokens, words
from scenario_hall.matching.engine.statistics import is_common, rarity
from scenario_hall.taxonomy.metrics import unit_names

_STOP_WORDS = json.loads((Path(__file__).parent / "data" / "stop_words.json").read_text(encoding="utf-8"))
# What every public list says, so that no pair shares anything by it.
BOILERPLATE: frozenset[str] = frozenset(_STOP_WORDS["boilerplate"]) | frozenset(
    words(f"{' '.join(_STOP_WORDS['portuguese'])} de uma")
)
# Words that only link or count: they may weigh a little, but are no reason to show.
LINKING: frozenset[str] = frozenset(words(" ".join(_STOP_WORDS["linking"]))) | frozenset(
    words(f"{' '.join(_STOP_WORDS['linking'])} de uma para não")
)
# The same as they are written, each form by itself: a stem of “doze” or “caso” may be another language's word.
_LINKING_FORMS: frozenset[str] = frozenset(
    fold(form) for form in (*_STOP_WORDS["linking"], *_STOP_WORDS["linking_forms"])
)
_CHINESE_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两")
# Words of measuring and counting: requirements hold them against each other, with their numbers.
MEASURING: frozenset[str] = frozenset(unit_names()) | frozenset(_STOP_WORDS["measuring"])
# A part of a longer word (电动 and 自行 in 电动自行车) says less than the word.
PART_OF_WORD = 0.3
SINGLE_CHARACTER = 0.3
MOST_CHARACTERS = 25
MOST_WORDS = 40
# Families of terms beside whole words, told apart by their first character.
CHARACTER, GLOSS, CONCEPT = "~", "@", "#"
FAMILY_WEIGHTS = {CHARACTER: 0.6, GLOSS: 2.5, CONCEPT: 1.0}


def count_terms(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """How often each term stands in texts with weights."""
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in parts:
        for term, number in _term_counts(text):
            counts[term] += weight * number
    return dict(counts)


@lru_cache(maxsize=2048)
def _term_counts(text: str) -> tuple[tuple[str, float], ...]:
    counts: defaultdict[str, float] = defaultdict(float)
    found = tokens(text)
    # One word may have two stems, and counts once.
    stems = Counter((token.start, token.end) for token in found)
    longest: dict[int, int] = {}
    for token in found:
        longest[token.start] = max(longest.get(token.start, 0), token.end)
    # How far the words reach that begin before a place: what ends within that is a part of one of them.
    reach: dict[int, int] = {}
    furthest = 0
    for start in sorted(longest):
        reach[start], furthest = furthest, max(furthest, longest[start])
    for token in found:
        word = token.text
        if word in BOILERPLATE or word in MEASURING or (word[0].isdigit() and not re.search("[a-z]", word)):
            continue
        is_part = token.end <= reach[token.start] or token.end < longest[token.start]
        weight = (1.0 if len(word) > 1 else SINGLE_CHARACTER) * (PART_OF_WORD if is_part else 1.0)
        counts[word] += weight / stems[token.start, token.end]
    for character in characters(text):
        counts[CHARACTER + character] += 1.0
    return tuple(counts.items())


def asked_weights(counts: Mapping[str, float]) -> dict[str, float]:
    """How much each word asks, of the MOST_WORDS and the MOST_CHARACTERS that ask most: the common ones stand in
    every other record, and would cost most of the work to say least."""
    words: list[tuple[float, str]] = []
    characters_asked: list[tuple[float, str]] = []
    for term, number in counts.items():
        asks = saturated(number) * rarity(term)
        if term[0] != CHARACTER:
            words.append((asks, term))
        elif not is_common(term):
            characters_asked.append((asks * FAMILY_WEIGHTS[CHARACTER], term))
    most = (*nlargest(MOST_WORDS, words), *nlargest(MOST_CHARACTERS, characters_asked))
    return {term: asks for asks, term in most}


def says_nothing(written: str) -> bool:
    """Does a word as its author wrote it only link or count, so that it is no reason to show? Of one with hyphens, does
    every part?"""
    folded = fold(written)
    return all(part in _LINKING_FORMS or part.isdigit() or set(part) <= _CHINESE_NUMERALS for part in folded.split("-"))


def saturated(number: float) -> float:
    """What a count is worth: ever less for each further time, at most 2."""
    return 2.0 * number / (number + 1.0)


def length_of(counts: Mapping[str, float]) -> float:
    """The number of words, characters left out."""
    return sum(number for term, number in counts.items() if term[0] != CHARACTER)


def count_different_words(counts: Mapping[str, float]) -> int:
    """Each word once."""
    return sum(term[0] != CHARACTER for term in counts)


def latin_words(counts: Mapping[str, float]) -> dict[str, float]:
    """The words in Latin letters of which a gloss may be a translation."""
    return {term: number for term, number in counts.items() if term.isascii() and term.isalpha() and len(term) > 2}


def count_glosses(counts: Mapping[str, float]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """English stem → (weighted count, the Chinese words that it translates)."""
    numbers: defaultdict[str, float] = defaultdict(float)
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for term, number in counts.items():
        if term[0] != CHARACTER and is_cjk(term):
            for stem, weight in glosses(term):
                numbers[stem] += number * weight
                sources[stem].append(term)
    return {stem: (number, tuple(sources[stem])) for stem, number in numbers.items()}
