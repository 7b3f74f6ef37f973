"""What the text of a query asks of OpenSearch: the plan that the embedded index follows (``plan.py``), as queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scenario_hall.language.text import grams
from scenario_hall.search.engine.opensearch.mapping import word_sent
from scenario_hall.search.engine.plan import (
    has_positive_clause,
    helpful_terms,
    needed_terms,
    phrase_of,
    synonym_groups,
    terms_of,
    weak_terms,
)
from scenario_hall.search.engine.scoring import WeightedTerm
from scenario_hall.search.query import Clause, Occurrence, ParsedQuery

Query = dict[str, Any]
# OpenSearch takes 1,024 terms in one query if nobody has told it otherwise; the rest is for filters and exclusions.
MOST_TERMS = 900
NOTHING: Query = {"match_none": {}}
RECORDS: Query = {"exists": {"field": "kind"}}  # every entry but the cursor


@dataclass(frozen=True)
class Wording:
    """``found`` is what the text finds; where that is nothing at all, ``weak`` is asked, which shares only characters.
    What has one of ``without`` is left out of either."""

    found: Query
    weak: Query
    without: tuple[Query, ...]
    has_words: bool


def wording(parsed: ParsedQuery, synonyms: Sequence[str]) -> Wording:
    """The queries of one text. The terms of the taxonomy must be registered."""
    clauses = parsed.clauses
    without = tuple(_excluded(clause) for clause in clauses if clause.occurrence is Occurrence.NOT)
    if not has_positive_clause(clauses):
        return Wording({"bool": {"filter": [RECORDS]}}, NOTHING, without, has_words=False)
    weak = _shortened(weak_terms(clauses), MOST_TERMS)
    return Wording(_found(parsed, synonyms), either(map_terms(weak)), without, has_words=True)


def either(queries: Sequence[Query]) -> Query:
    """At least one of them; their scores are added."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def map_terms(terms: Sequence[WeightedTerm]) -> list[Query]:
    """Each term as a query that scores."""
    return [{"term": {name: {"value": word_sent(text), "boost": boost}}} for name, text, boost in terms]


def _found(parsed: ParsedQuery, synonyms: Sequence[str]) -> Query:
    clauses = parsed.clauses
    left = MOST_TERMS
    needed = _shortened(needed_terms(clauses), left)
    left -= len(needed)
    parts: list[Query] = []
    phrases = [clause for clause in clauses if clause.is_phrase and clause.occurrence is Occurrence.SHOULD]
    runs = [_phrase(clause) for clause in phrases]
    scored = []
    for clause, run in zip(phrases, runs, strict=True):
        terms = phrase_of(clause).terms
        left -= 3 * len(terms)
        scored.append({"bool": {"filter": [run], "should": map_terms(terms)}} if terms else NOTHING)
    groups: list[Query] = []
    for group in synonym_groups(synonyms):
        if len(group.terms) <= left:
            groups.append({"bool": {"must": map_terms(group.terms)}})
            left -= len(group.terms)
    if needed:
        helpful = _shortened(helpful_terms(clauses), max(0, left))
        parts.append({"bool": {"must": [either(map_terms(needed))], "should": map_terms(helpful)}})
    found = either([*parts, *groups, *scored])
    if runs and not parsed.has_or:
        # What stands between quotation marks has to be there, all of it; the words beside it help.
        found = {"bool": {"must": [found], "filter": runs}}
    return found


def _phrase(clause: Clause) -> Query:
    """The documents that have the clause's characters and words as one run."""
    run = [word_sent(each) for each in grams(clause.text)]
    if len(run) > 1:
        return {"match_phrase": {"grams": {"query": " ".join(run)}}}
    terms = phrase_of(clause).terms
    return {"bool": {"filter": [{"term": {name: word_sent(text)}} for name, text, _ in terms]}} if terms else NOTHING


def _excluded(clause: Clause) -> Query:
    if clause.is_phrase:
        return _phrase(clause)
    by_field: dict[str, list[str]] = {}
    for name, text, _ in terms_of(clause):
        by_field.setdefault(name, []).append(word_sent(text))
    # Unscored lists of values do not count as terms.
    return {"bool": {"should": [{"terms": {name: texts}} for name, texts in by_field.items()]}} if by_field else NOTHING


def _shortened(terms: Sequence[WeightedTerm], most: int) -> list[WeightedTerm]:
    """The first of the terms: those of the query's beginning, in all their fields."""
    return list(dict.fromkeys(terms))[:most]
