"""A query that stands: kept, and held against one document at a time, with the answer that the index would give.

What the index does over all documents (``view.py``, ``columns.py``) is done here over the terms of one, by the same
plan (``plan.py``) and the same cutting of texts. What shares nothing but characters or meaning with the query is no
answer: of one document alone nobody can say that there is nothing better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from scenario_hall.language.text import grams
from scenario_hall.search.engine.columns import OPEN_STATES
from scenario_hall.search.engine.cutting import terms_of_document
from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.plan import has_positive_clause, needed_terms, phrase_of, synonym_groups, terms_of
from scenario_hall.search.engine.scoring import WeightedTerm
from scenario_hall.search.query import Clause, Occurrence, parse

LONGEST_KEY = 80  # characters
WORD_FIELDS = frozenset({"title", "body", "organization", "tags"})
EVERYTHING = "*"
Term = Sequence[str]  # field, text


@dataclass(frozen=True)
class Phrase:
    """What a document must have of one phrase: every term, and ``run`` as one run of its grams (empty: no run)."""

    terms: Sequence[Term]
    run: Sequence[str] = ()
    text: str = ""  # as it was asked


@dataclass(frozen=True)
class Filters:
    """The filters as values that JSON takes. Moments are seconds since 1970; days count from when it is asked."""

    kind: str = ""
    domains: Sequence[str] = ()
    regions: Sequence[str] = ()
    states: Sequence[str] = ()
    tags: Sequence[str] = ()
    budget_min: float | None = None
    budget_max: float | None = None
    readiness_min: int | None = None
    deadline_before: float | None = None
    deadline_after: float | None = None
    deadline_days: float | None = None
    posted_since: float | None = None
    posted_until: float | None = None
    posted_days: float | None = None
    include_closed: bool = False


@dataclass(frozen=True)
class StandingQuery:
    """One query, read once: one of the ``words`` in whichever field, one of the ``needed`` terms, all of one of the
    ``groups``, or a phrase."""

    has_words: bool
    words: Sequence[str] = ()
    needed: Sequence[Term] = ()
    groups: Sequence[Sequence[Term]] = ()
    phrases: Sequence[Phrase] = ()
    is_either: bool = False  # one of the phrases does
    without: Sequence[Sequence[Term]] = ()  # none of any of these
    without_phrases: Sequence[Phrase] = ()
    filters: Filters = field(default_factory=Filters)

    def as_data(self) -> dict[str, Any]:
        """As JSON keeps it, without what is empty."""
        told = asdict(self)
        told["filters"] = {name: value for name, value in told["filters"].items() if value not in (None, "", (), False)}
        return {name: value for name, value in told.items() if value not in ((), False, {})}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> StandingQuery:
        """What ``as_data`` wrote."""
        return cls(
            **{
                "has_words": False,
                **data,
                "phrases": [Phrase(**each) for each in data.get("phrases", ())],
                "without_phrases": [Phrase(**each) for each in data.get("without_phrases", ())],
                "filters": Filters(**data.get("filters", {})),
            }
        )


def standing_query(
    asked: SearchQuery, *, deadline_days: float | None = None, posted_days: float | None = None
) -> StandingQuery:
    """``asked`` with the filters that its text has, read as the index reads it. The terms of the taxonomy must be
    registered, and ``asked.synonyms`` found, as for a search."""
    parsed = parse(asked.text)
    clauses = parsed.clauses
    narrowed = parsed.narrowed(asked)
    terms = _terms(needed_terms(clauses))
    anywhere = _anywhere(terms)
    wanted = [each for each in clauses if each.is_phrase and each.occurrence is Occurrence.SHOULD]
    unwanted = [each for each in clauses if each.occurrence is Occurrence.NOT]
    return StandingQuery(
        has_words=has_positive_clause(clauses),
        words=anywhere,
        needed=tuple(term for term in terms if term[0] not in WORD_FIELDS or term[1] not in anywhere),
        groups=tuple(_terms(group.terms) for group in synonym_groups(asked.synonyms)),
        phrases=tuple(map(_phrase, wanted)),
        is_either=parsed.has_or,
        without=tuple(_terms(terms_of(each)) for each in unwanted if not each.is_phrase),
        without_phrases=tuple(_phrase(each) for each in unwanted if each.is_phrase),
        filters=Filters(
            kind=narrowed.kind,
            domains=narrowed.domains,
            regions=narrowed.regions,
            states=narrowed.states,
            tags=narrowed.tags,
            budget_min=narrowed.budget_min,
            budget_max=narrowed.budget_max,
            readiness_min=narrowed.readiness_min,
            deadline_before=None if deadline_days is not None else _seconds(narrowed.deadline_before),
            deadline_after=_seconds(narrowed.deadline_after),
            deadline_days=deadline_days,
            posted_since=None if posted_days is not None else _seconds(narrowed.posted_since),
            posted_until=_seconds(narrowed.posted_until),
            posted_days=posted_days,
            include_closed=narrowed.include_closed,
        ),
    )


class DocumentTerms:
    """One document as the index would hold it: its terms by field, and its grams in order."""

    def __init__(self, document: IndexDocument) -> None:
        self.document = document
        terms = terms_of_document(document)
        self.grams = list(terms["grams"])
        self._terms: dict[str, frozenset[str]] = {
            name: frozenset(found) for name, found in terms.items() if name != "facets"
        }
        self._words = frozenset().union(*(self._terms[name] for name in WORD_FIELDS))
        self._starts: dict[str, list[int]] = {}
        for place, gram in enumerate(self.grams):
            self._starts.setdefault(gram, []).append(place)

    def has(self, term: Term) -> bool:
        return term[1] in self._terms.get(term[0], ())

    def has_word(self, word: str) -> bool:
        """In whichever field."""
        return word in self._words

    def has_phrase(self, phrase: Phrase) -> bool:
        """Nothing has a phrase without a word."""
        if not phrase.terms or not all(map(self.has, phrase.terms)):
            return False
        length = len(phrase.run)
        if length < 2:
            return True
        wanted = list(phrase.run)
        return any(self.grams[start : start + length] == wanted for start in self._starts.get(wanted[0], ()))

    def keys(self) -> frozenset[str]:
        """What standing queries that this document may answer are kept under (``keys_of``)."""
        document = self.document
        return frozenset(
            [
                EVERYTHING,
                _key("kind", document.kind),
                *(_key("domain", each) for each in document.domains),
                *(_key("region", each) for each in document.region),
                *(_key(name, text) for name, texts in self._terms.items() for text in texts),
            ]
        )


def answers(query: StandingQuery, terms: DocumentTerms, now: datetime) -> bool:
    """Would the index find the document by its words, under the query's filters?"""
    return _has_words(query, terms) and passes(query.filters, terms.document, now)


def keys_of(query: StandingQuery) -> frozenset[str]:
    """Under at least one of these keys stands every document that can answer: of alternatives a key each, of what has
    to be there together the longest, which is likely the rarest."""
    if query.phrases and not query.is_either:
        terms = [term for phrase in query.phrases for term in phrase.terms]
        if not all(phrase.terms for phrase in query.phrases):
            return frozenset()
        return frozenset((_key(*max(terms, key=lambda term: len(term[1]))),))
    if query.has_words:
        alternatives = [
            *(("title", word) for word in query.words),
            *query.needed,
            *(max(group, key=lambda term: len(term[1])) for group in query.groups),
            *(max(phrase.terms, key=lambda term: len(term[1])) for phrase in query.phrases if phrase.terms),
        ]
        return frozenset(_key(*term) for term in alternatives)
    filters = query.filters
    for name, values in (("slugs", filters.tags), ("domain", filters.domains), ("region", filters.regions)):
        if values:
            return frozenset(_key(name, each) for each in values)
    return frozenset((_key("kind", filters.kind) if filters.kind else EVERYTHING,))


def matched_terms(query: StandingQuery, terms: DocumentTerms) -> list[str]:
    """The query's terms that the document has, each once, in the query's order."""
    asked = [*query.needed, *(term for group in query.groups for term in group)]
    found = [word for word in query.words if terms.has_word(word)]
    return list(dict.fromkeys([*found, *(term[1] for term in asked if terms.has(term))]))


def _has_words(query: StandingQuery, terms: DocumentTerms) -> bool:
    if query.has_words:
        runs = [terms.has_phrase(phrase) for phrase in query.phrases]
        if query.phrases and not query.is_either:
            is_found = all(runs)
        else:
            is_found = (
                any(map(terms.has_word, query.words))
                or any(map(terms.has, query.needed))
                or any(runs)
                or any(all(map(terms.has, group)) for group in query.groups if group)
            )
        if not is_found:
            return False
    is_excluded = any(terms.has(term) for group in query.without for term in group) or any(
        map(terms.has_phrase, query.without_phrases)
    )
    return not is_excluded


def passes(filters: Filters, document: IndexDocument, now: datetime) -> bool:
    """As ``columns.Selection`` passes it."""
    moment = now.timestamp()
    if filters.kind and document.kind != filters.kind:
        return False
    if filters.domains and set(filters.domains).isdisjoint(document.domains):
        return False
    if filters.regions and set(filters.regions).isdisjoint(document.region):
        return False
    if filters.tags and set(filters.tags).isdisjoint((*document.tags, *document.domains)):
        return False
    if filters.readiness_min is not None and (document.readiness or 0) < filters.readiness_min:
        return False
    return _has_state(filters, document, moment) and _in_budget(filters, document) and _in_time(filters, document, now)


def _has_state(filters: Filters, document: IndexDocument, moment: float) -> bool:
    is_late = document.deadline is not None and document.deadline.timestamp() <= moment
    is_expired = is_late and document.state == "released"
    if filters.states:
        return ("expired" in filters.states) if is_expired else document.state in filters.states
    return filters.include_closed or (document.state in OPEN_STATES and not is_expired)


def _in_budget(filters: Filters, document: IndexDocument) -> bool:
    if filters.budget_min is None and filters.budget_max is None:
        return True
    low = document.budget_low if document.budget_low is not None else document.budget_high
    high = document.budget_high if document.budget_high is not None else low
    if low is None or high is None:
        return False
    return (filters.budget_min is None or high >= filters.budget_min) and (
        filters.budget_max is None or low <= filters.budget_max
    )


def _in_time(filters: Filters, document: IndexDocument, now: datetime) -> bool:
    deadline = document.deadline.timestamp() if document.deadline is not None else None
    posted = document.posted.timestamp()
    last = _within(filters.deadline_days, now, 1) or filters.deadline_before
    first = _within(filters.posted_days, now, -1) or filters.posted_since
    if last is not None and (deadline is None or deadline > last):
        return False
    if filters.deadline_after is not None and (deadline is None or deadline < filters.deadline_after):
        return False
    return (first is None or posted >= first) and (filters.posted_until is None or posted <= filters.posted_until)


def _within(days: float | None, now: datetime, direction: int) -> float | None:
    return None if days is None else (now + direction * timedelta(days=days)).timestamp()


def _terms(weighted: Iterable[WeightedTerm]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys((each.field, each.text) for each in weighted))


def _anywhere(terms: Sequence[Term]) -> tuple[str, ...]:
    """The words that are asked for in every field of words."""
    found: dict[str, set[str]] = {}
    for name, text in terms:
        if name in WORD_FIELDS:
            found.setdefault(text, set()).add(name)
    return tuple(word for word, names in found.items() if names == WORD_FIELDS)


def _phrase(clause: Clause) -> Phrase:
    run = grams(clause.text)
    return Phrase(_terms(phrase_of(clause).terms), run if len(run) > 1 else (), clause.text)


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _key(name: str, text: str) -> str:
    """Words have one key in whichever field they stand."""
    key = f"{'word' if name in WORD_FIELDS else name}:{text}"
    return key if len(key) <= LONGEST_KEY else sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
