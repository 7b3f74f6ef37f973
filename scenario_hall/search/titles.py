"""What is found while the index does not answer: titles, in the database."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Unavailable
from scenario_hall.language.folding import fold
from scenario_hall.language.text import tokens
from scenario_hall.products.lifecycle import PUBLIC as PUBLIC_PRODUCTS
from scenario_hall.products.models import Product
from scenario_hall.scenarios.lifecycle import PUBLIC as PUBLIC_SCENARIOS
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.documents import product_document, scenario_document
from scenario_hall.search.engine.index import IndexDocument, SearchHit, SearchIndex, SearchQuery, SearchResult, Sort
from scenario_hall.search.engine.standing import passes, standing_query
from scenario_hall.search.query import Occurrence, parse
from scenario_hall.search.questions import in_traditional
from scenario_hall.taxonomy.taxonomy import Taxonomy

# So many of the newest records with a word in their title are looked at, and so many words asked for.
MOST_ROWS, MOST_WORDS = 200, 8


@dataclass(frozen=True)
class _Found:
    document: IndexDocument
    words: int


def search_or_titles(
    session: Session, index: SearchIndex, taxonomy: Taxonomy, asked: SearchQuery, moment: datetime | None = None
) -> SearchResult:
    """What the index finds; while it does not answer what ``by_titles`` finds, which says so."""
    moment = moment or now()
    try:
        return index.search(asked, moment)
    except Unavailable:
        return by_titles(session, taxonomy, asked, moment)


def by_titles(session: Session, taxonomy: Taxonomy, asked: SearchQuery, moment: datetime) -> SearchResult:
    """The newest public records under all filters of ``asked`` with a word of its text in their title, in either
    script: those with the most words first. Of a query without words all records."""
    begun = time.perf_counter()
    spelled, excluded = _spellings(asked.text, Occurrence.SHOULD), _spellings(asked.text, Occurrence.NOT)
    filters = standing_query(asked).filters
    documents = _documents(session, taxonomy, filters.kind, [each for spellings in spelled for each in spellings])
    found = [
        _Found(document, _count_of(spelled, document))
        for document in documents
        if passes(filters, document, moment) and not _count_of(excluded, document)
    ]
    found.sort(key=lambda each: _order(each, asked.sort))
    first = (max(1, asked.page) - 1) * asked.page_size
    return SearchResult(
        hits=tuple(
            SearchHit(each.document.code, each.document.kind, float(each.words))
            for each in found[first : first + asked.page_size]
        ),
        total=len(found),
        facets={},
        milliseconds=(time.perf_counter() - begun) * 1000,
        words=tuple(dict.fromkeys(fold(spellings[0]) for spellings in spelled)),
        is_by_titles=True,
    )


def _count_of(spelled: Sequence[Sequence[str]], document: IndexDocument) -> int:
    """How many of the words the title has."""
    title = document.title.lower()
    return sum(any(each in title for each in spellings) for spellings in spelled)


def _spellings(text: str, occurrence: Occurrence) -> list[Sequence[str]]:
    """Each word that the query asks for or excludes: as it was typed, in Simplified and in Traditional characters; in
    lower case."""
    clauses = parse(text).clauses
    asked = " ".join(each.text for each in clauses if each.occurrence is occurrence and each.field in ("", "title"))
    typed = dict.fromkeys(asked[token.start : token.end].lower() for token in tokens(asked))
    return [tuple(dict.fromkeys((word, fold(word), in_traditional(word)))) for word in list(typed)[:MOST_WORDS]]


def _documents(session: Session, taxonomy: Taxonomy, kind: str, spellings: Sequence[str]) -> Iterable[IndexDocument]:
    if kind != "product":
        titled = [col(Scenario.title).icontains(each, autoescape=True) for each in spellings]
        scenarios = select(Scenario).where(col(Scenario.state).in_(PUBLIC_SCENARIOS), or_(*titled) if titled else True)
        for scenario in session.exec(scenarios.order_by(col(Scenario.released_at).desc()).limit(MOST_ROWS)):
            if (document := scenario_document(scenario, taxonomy)) is not None:
                yield document
    if kind != "scenario":
        titled = [col(Product.title).icontains(each, autoescape=True) for each in spellings]
        products = select(Product).where(col(Product.state).in_(PUBLIC_PRODUCTS), or_(*titled) if titled else True)
        for product in session.exec(products.order_by(col(Product.listed_at).desc()).limit(MOST_ROWS)):
            if (document := product_document(product, taxonomy)) is not None:
                yield document


def _order(found: _Found, sort: Sort) -> tuple[float, float, str]:
    """As the index sorts: ties by the newest, then by code."""
    document = found.document
    posted = document.posted.timestamp()
    match sort:
        case Sort.NEWEST:
            first = 0.0
        case Sort.DEADLINE:
            first = document.deadline.timestamp() if document.deadline is not None else float("inf")
        case Sort.BUDGET:
            first = -(document.budget_high or document.budget_low or float("-inf"))
        case _:
            first = -float(found.words)
    return first, -posted, document.code
