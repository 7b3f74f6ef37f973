"""What a query asks of the index: which terms of which fields, at which weight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenario_hall.language.folding import fold
from scenario_hall.language.text import characters, grams, is_cjk, words
from scenario_hall.search.engine.scoring import WeightedTerm
from scenario_hall.search.query import Clause, Occurrence

# Chosen by `evaluate search`; docs/matching.md has the table.
WEIGHTS = {"title": 3.0, "tags": 2.0, "body": 1.0, "organization": 1.0}
GRAM_WEIGHT = 2.0
CHARACTER_WEIGHT = 0.05
# A record that only has another name of the same thing stands below those that have the word itself.
SYNONYM_WEIGHT = 0.4
# Who asks in a whole sentence does not look for records that have “what” in them.
QUESTION_WORDS = re.compile(
    "请问|是什么|为什么|什么时候|什么样|什么|哪一年|哪一个|哪些|哪里|哪个|哪位|哪种|哪家|哪年|哪|是谁|多少|有几|几个|怎么样|怎么|怎样"
    "|如何|为何|何时|何处|是否|有没有|吗$|呢$"
    r"|\b(?:o que|por qu[eê]|quais|qual|quem|onde|aonde|quando|quant[oa]s?|como|porqu[eê]|de que|a que"
    r"|h[aá]|existem?)\b"
    r"|\b(?:what|which|who|whom|whose|where|when|why|how (?:many|much|long|far|often)|how|(?:is|are) there|do(?:es)?)\b"
)
FIELDS = {"title": ("title",), "org": ("organization",), "tag": ("tags", "slugs")}


@dataclass(frozen=True)
class Group:
    """Terms that a document must have all of: a phrase's bigrams, the words of a synonym."""

    terms: tuple[WeightedTerm, ...]


def has_positive_clause(clauses: Sequence[Clause]) -> bool:
    """Does the query ask for anything, or only exclude?"""
    return any(clause.occurrence is Occurrence.SHOULD for clause in clauses)


def needed_terms(clauses: Sequence[Clause]) -> list[WeightedTerm]:
    """What a hit must share with the query: a word of it, in any field."""
    return [term for clause in side_by_side(_wanted(clauses)) for term in terms_of(clause)]


def helpful_terms(clauses: Sequence[Clause]) -> list[WeightedTerm]:
    """What lifts a hit: two characters in a row that the query has too."""
    asked = dict.fromkeys(gram for clause in _wanted(clauses) if not clause.field for gram in grams(asked_part(clause)))
    return [WeightedTerm("grams", gram, GRAM_WEIGHT) for gram in asked]


def weak_terms(clauses: Sequence[Clause]) -> list[WeightedTerm]:
    """Two characters in a row, or one, shared with the query: better than an empty page."""
    asked = dict.fromkeys(
        character for clause in _wanted(clauses) if not clause.field for character in characters(clause.text)
    )
    return helpful_terms(clauses) + [WeightedTerm("characters", each, CHARACTER_WEIGHT) for each in asked]


def side_by_side(clauses: Sequence[Clause]) -> list[Clause]:
    """Words that stand beside each other as one clause: together they tell their language, and may be one code
    (M300 RTK)."""
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        if before is not None and not (clause.field or clause.is_phrase or before.field or before.is_phrase):
            found[-1] = replace(before, text=f"{before.text} {clause.text}")
        else:
            found.append(clause)
    return found


def terms_of(clause: Clause) -> list[WeightedTerm]:
    """The terms of one clause that is no phrase."""
    if clause.field == "code":
        return [WeightedTerm("code", clause.text.upper())]
    found: list[WeightedTerm] = []
    for word in dict.fromkeys(words(asked_part(clause))):
        found += [WeightedTerm(name, word, WEIGHTS.get(name, 1.0)) for name in FIELDS.get(clause.field, tuple(WEIGHTS))]
    if clause.field == "tag":
        found.append(WeightedTerm("slugs", clause.text.lower()))
    elif not clause.field:
        codes = (part for part in clause.text.upper().split() if part.startswith(("S-", "P-")))
        found += [WeightedTerm("code", part, 10.0) for part in codes]
    return found


def asked_part(clause: Clause) -> str:
    """The clause without the words that only make it a question; the whole of it when nothing else is left."""
    folded = fold(clause.text)
    rest = QUESTION_WORDS.sub(" ", folded)
    return rest if rest != folded and words(rest) else clause.text


def phrase_of(clause: Clause) -> Group:
    """The bigrams of a phrase; of a single character, the character. Empty where the phrase has no word."""
    run = grams(clause.text)
    if len(run) == 1 and len(run[0]) == 1 and is_cjk(run[0]):
        return Group((WeightedTerm("characters", run[0]),))
    return Group(tuple(WeightedTerm("grams", gram) for gram in dict.fromkeys(run)))


def synonym_groups(names: Sequence[str]) -> list[Group]:
    """Other names of what the query asks, each to be found whole: one word in any field, or all its bigrams."""
    found = []
    for name in dict.fromkeys(names):
        run = dict.fromkeys(grams(name))
        if len(run) == 1 and not is_cjk(name):
            found += [
                Group((WeightedTerm(field, word, SYNONYM_WEIGHT * weight),))
                for word in words(name)
                for field, weight in WEIGHTS.items()
            ]
        elif run:
            found.append(Group(tuple(WeightedTerm("grams", gram, SYNONYM_WEIGHT) for gram in run)))
    return found


def positive_words(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """The folded words that a page highlights."""
    asked = side_by_side(_wanted(clauses, phrases=True))
    return tuple(dict.fromkeys(word for clause in asked for word in words(asked_part(clause))))


def _wanted(clauses: Sequence[Clause], *, phrases: bool = False) -> list[Clause]:
    return [
        clause for clause in clauses if clause.occurrence is Occurrence.SHOULD and (phrases or not clause.is_phrase)
    ]
