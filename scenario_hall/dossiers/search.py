"""What a page of search results shows: the rows with their words marked, and other words to try."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.errors import Unavailable
from scenario_hall.dossiers.pictures import pictures_of
from scenario_hall.meaning.encoder import Encoder
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.search.engine.index import MAX_PAGE_SIZE, SearchHit, SearchIndex, SearchQuery, SearchResult
from scenario_hall.search.highlight import Segment, highlight, snippet
from scenario_hall.search.query import parse, plain_words
from scenario_hall.search.synonyms import Corrector, Synonym, related_tags, synonyms_in
from scenario_hall.search.titles import search_or_titles
from scenario_hall.search.vectors import with_meaning
from scenario_hall.taxonomy.taxonomy import Taxonomy

LONGEST_CODE = 20


@dataclass(frozen=True)
class SearchRow:
    """A hit with its record; title and text in segments where words of the query are marked."""

    record: Scenario | Product
    kind: str
    title: Sequence[Segment] | None = None
    text: Sequence[Segment] | None = None
    is_by_meaning: bool = False


@dataclass(frozen=True)
class SearchDossier:
    """One page of results."""

    asked: SearchQuery
    result: SearchResult
    rows: Sequence[SearchRow]
    is_poor: bool
    synonyms: Sequence[Synonym]
    misread: Sequence[str]
    corrections: Sequence[str]
    related: Sequence[str]
    pictures: Mapping[str, int]  # code of a record → id of its picture


@dataclass(frozen=True)
class FoundRecords:
    """The best of all that a search finds, as records."""

    asked: SearchQuery
    result: SearchResult
    records: Sequence[Scenario | Product]


def record_called(session: Session, text: str) -> Outcome | Certificate | None:
    """The public trial or use, or the certificate, whose code is typed: these are not in the index."""
    code = text.strip().upper()
    if len(code) > LONGEST_CODE:
        return None
    outcome = session.exec(select(Outcome).where(col(Outcome.code) == code)).first()
    if outcome is not None:
        return outcome if outcome.is_public() else None
    return session.exec(select(Certificate).where(col(Certificate.number) == code)).first()


def search_dossier(
    session: Session,
    index: SearchIndex,
    taxonomy: Taxonomy,
    corrector: Corrector,
    asked: SearchQuery,
    encoder: Encoder | None = None,
) -> SearchDossier:
    """The page that was asked for; the last one where there are fewer. With an encoder by meaning, too. While the index
    does not answer, what titles tell (``result.is_by_titles``)."""
    asked, named = _with_synonyms(session, index, taxonomy, asked, encoder)
    result = search_or_titles(session, index, taxonomy, asked)
    last = max(1, -(-result.total // asked.page_size))
    if asked.page > last:
        asked = replace(asked, page=last)
        result = search_or_titles(session, index, taxonomy, asked)
    is_poor = bool(asked.text) and (result.is_widened or not result.total)
    rows = [_row(hit, record, result.words, asked.synonyms) for hit, record in shown_hits(session, result.hits)]
    return SearchDossier(
        asked=asked,
        result=result,
        rows=rows,
        is_poor=is_poor,
        synonyms=named,
        misread=parse(asked.text).misread,
        corrections=_corrections(index, corrector, asked, is_poor) if asked.text and not result.is_by_titles else [],
        related=related_tags(asked.text, (*asked.tags, *asked.domains), taxonomy),
        pictures=pictures_of(session, (row.record for row in rows)),
    )


def found_records(
    session: Session,
    index: SearchIndex,
    taxonomy: Taxonomy,
    asked: SearchQuery,
    *,
    most: int,
    encoder: Encoder | None = None,
) -> FoundRecords:
    """The first ``most`` records of the same search, whatever page was asked for. Raises Unavailable: a list that is
    taken away must be whole."""
    asked, _ = _with_synonyms(session, index, taxonomy, replace(asked, page=1, page_size=most, facets=()), encoder)
    result = index.search(asked, now())
    return FoundRecords(asked, result, [record for _, record in shown_hits(session, result.hits)])


@dataclass(frozen=True)
class SearchSlice:
    """Some of what a search finds, in its order; ``is_last`` where nothing comes behind."""

    result: SearchResult
    rows: Sequence[SearchRow]
    is_last: bool


def search_slice(
    session: Session,
    index: SearchIndex,
    taxonomy: Taxonomy,
    asked: SearchQuery,
    *,
    after: tuple[str, int] | None,
    size: int,
    encoder: Encoder | None = None,
) -> SearchSlice:
    """``size`` hits behind ``after``: the code of the last one seen and its place. What came into the hall meanwhile
    shifts nothing; where that hit is gone, its place counts. Of all hits the best MAX_PAGE_SIZE are walked through."""
    asked, _ = _with_synonyms(session, index, taxonomy, replace(asked, page=1, page_size=MAX_PAGE_SIZE), encoder)
    result = index.search(asked, now())
    codes = [hit.code for hit in result.hits]
    begin = 0 if after is None else codes.index(after[0]) + 1 if after[0] in codes else after[1]
    hits = result.hits[begin : begin + size]
    rows = [_row(hit, record, result.words, asked.synonyms) for hit, record in shown_hits(session, hits)]
    return SearchSlice(result, rows, is_last=begin + size >= len(codes))


def place_in(result: SearchResult, code: str) -> int:
    """How many hits stand before and with this one."""
    return 1 + next(place for place, hit in enumerate(result.hits) if hit.code == code)


def _with_synonyms(
    session: Session, index: SearchIndex, taxonomy: Taxonomy, asked: SearchQuery, encoder: Encoder | None
) -> tuple[SearchQuery, Sequence[Synonym]]:
    """What is searched: other names and, with an encoder, the meaning beside the words."""
    named = synonyms_in(plain_words(asked.text), taxonomy)
    asked = replace(asked, synonyms=tuple(name for each in named for name in each.synonyms))
    return with_meaning(session, encoder, index, asked), named


def shown_hits(session: Session, hits: Sequence[SearchHit]) -> list[tuple[SearchHit, Scenario | Product]]:
    """The hits with their rows; a row that is no longer public is left out, whatever the index says."""
    by_code: dict[str, Scenario | Product] = {}
    scenario_codes = [hit.code for hit in hits if hit.kind == "scenario"]
    product_codes = [hit.code for hit in hits if hit.kind == "product"]
    if scenario_codes:
        scenarios = session.exec(select(Scenario).where(col(Scenario.code).in_(scenario_codes)))
        by_code.update({row.code: row for row in scenarios})
    if product_codes:
        products = session.exec(select(Product).where(col(Product.code).in_(product_codes)))
        by_code.update({row.code: row for row in products})
    return [(hit, by_code[hit.code]) for hit in hits if hit.code in by_code and by_code[hit.code].is_public()]


def _row(hit: SearchHit, record: Scenario | Product, words: Collection[str], names: Collection[str]) -> SearchRow:
    if not words and not names:
        return SearchRow(record, hit.kind, is_by_meaning=hit.is_by_meaning)
    text = f"{record.situation} {record.wanted_result}" if isinstance(record, Scenario) else record.summary
    title = highlight(record.title, words, names)
    return SearchRow(record, hit.kind, title, snippet(text, words, names), hit.is_by_meaning)


def _corrections(index: SearchIndex, corrector: Corrector, asked: SearchQuery, is_poor: bool) -> list[str]:
    """Queries that the reader may have meant."""

    def finds(text: str) -> bool:
        return index.search(replace(asked, text=text, vector=None, page_size=1, facets=()), now()).total > 0

    try:
        return corrector.did_you_mean(asked.text, finds, is_poor=is_poor)
    except Unavailable:  # since the page's own question
        return []
