"""The interface of the index: what goes in, what is asked, what comes out. Whoosh stands behind it here, OpenSearch
where many machines serve one hall; ``search/opening.py`` decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from scenario_hall.meaning.vectors import Packed
from scenario_hall.search.engine.vector_store import VectorStore

MAX_PAGE_SIZE = 1_000  # of what is downloaded; a page shows far fewer
FACETS = ("kind", "domain", "region", "status", "budget", "readiness", "deadline", "posted")


@dataclass(frozen=True)
class IndexDocument:
    """A public record as it is found. Sums are in yuan, about."""

    kind: str
    code: str
    title: str
    summary: str
    body: str
    organization: str
    tags: tuple[str, ...]
    domains: tuple[str, ...]
    region: tuple[str, ...]
    state: str
    open: bool
    budget_low: float | None
    budget_high: float | None
    readiness: int | None
    deadline: datetime | None
    posted: datetime
    tag_words: str


def searched_texts(document: IndexDocument) -> dict[str, str]:
    """The texts of each searched field, uncut; ``slugs`` are parted by blanks. Every engine cuts the same texts by
    ``language.text``: words, and for ``grams`` and ``characters`` what these say."""
    everything = "\n".join((document.title, document.body, document.tag_words))
    return {
        "title": document.title,
        "body": document.body,
        "organization": document.organization,
        "tags": document.tag_words,
        "slugs": " ".join((*document.tags, *document.domains)),
        "grams": everything,
        "characters": everything,
    }


# Bands that the facets count: sums in yuan (from, up to), days, readiness levels at least.
BUDGET_BANDS: tuple[tuple[float | None, float | None], ...] = (
    (None, 300_000),
    (300_000, 1_000_000),
    (1_000_000, 5_000_000),
    (5_000_000, None),
)
DAY_BANDS = (7, 30, 90)
READINESS_BANDS = (4, 6, 8)


def band_name(low: float | None, high: float | None) -> str:
    """A band of sums as it stands in an address: “300000-1000000”, open ends empty."""
    return "-".join("" if end is None else f"{end:.0f}" for end in (low, high))


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    DEADLINE = "deadline"
    BUDGET = "budget"


@dataclass(frozen=True)
class SearchQuery:
    """What is asked. Empty text means everything; ``include_closed`` shows what no longer takes applications."""

    text: str = ""
    kind: str = ""
    domains: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    budget_min: float | None = None
    budget_max: float | None = None
    readiness_min: int | None = None
    deadline_before: datetime | None = None
    deadline_after: datetime | None = None
    posted_since: datetime | None = None
    posted_until: datetime | None = None
    include_closed: bool = False
    synonyms: tuple[str, ...] = ()
    """Names that mean the same as something in the text: found too, at lower weight."""
    vector: Packed | None = field(default=None, compare=False)
    """The text's vector of meaning, where the hall has an encoder."""
    facets: tuple[str, ...] = FACETS
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 10


@dataclass(frozen=True)
class SearchHit:
    code: str
    kind: str
    score: float
    is_by_meaning: bool = False
    """It shares no word with the query, but means something close, perhaps in another language."""


@dataclass(frozen=True)
class SearchResult:
    """One page of hits, and over all hits the counts of each facet's values."""

    hits: tuple[SearchHit, ...]
    total: int
    facets: dict[str, dict[str, int]]
    milliseconds: float
    words: tuple[str, ...] = ()
    """The folded words that were searched: what a page highlights."""
    is_widened: bool = False
    """No word was found, so hits share only characters with the query."""
    is_by_titles: bool = False
    """The index did not answer: the newest records with a word in their title, from the database; no facets."""


class SearchIndex(Protocol):
    """An index that follows the log. Every method raises Unavailable where the index is another program that does not
    answer. ``vectors`` are what the meaning of a query is held against; who searches by
    meaning brings them up to date (``search/vectors.py: follow``)."""

    vectors: VectorStore

    def search(self, query: SearchQuery, now: datetime) -> SearchResult: ...

    def position(self) -> int:
        """The id of the last event whose consequences the index holds."""
        ...

    def rules(self) -> str:
        """What the words of the index were cut by (``search/rules.py``); empty where it was not said."""
        ...

    def apply(
        self,
        documents: Sequence[IndexDocument],
        removed: Sequence[str],
        position: int,
        *,
        after: int | None = None,
        rules: str = "",
    ) -> None:
        """Put in, replace and take out, and store the position: all of it is found from then on, or the position stays
        and the same may be put in again. ``rules`` are kept by an index that has none yet.

        Raises StaleCursor when ``after`` is given and the index that is current now does not stand there: it was
        rebuilt, or another worker went on with it.
        """
        ...

    def rebuild(self, documents: Iterable[IndexDocument], position: int, *, rules: str = "") -> int:
        """Build beside and swap; searches go on. Returns the number of documents."""
        ...

    def count(self) -> int: ...
