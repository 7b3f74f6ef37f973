"""How saved searches are kept so that one changed record finds those that it may answer, among a hundred thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from sqlmodel import Session, col, delete, insert, or_, select

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.models import SavedSearch, SavedSearchKey, Watch
from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.db import transaction
from scenario_hall.search.engine.standing import keys_of
from scenario_hall.taxonomy.taxonomy import Taxonomy

# Raised when words are cut or queries are read otherwise than before: every search is then compiled anew.
VERSION = 1
AT_ONCE = 500  # rows of a statement or a transaction
T = TypeVar("T")


class Candidate(NamedTuple):
    """What of a saved search its verdict needs."""

    id: int
    account_id: int
    watch: str
    rhythm: str
    subject_id: int | None
    compiled: dict[str, object]


def words_mark(taxonomy: Taxonomy) -> str:
    """A mark of how texts are cut and named: the version of the reading, and the taxonomy's words."""
    return fingerprint([VERSION, sorted([tag.slug, str(tag.kind), *tag.terms] for tag in taxonomy.tags)])


def compile_search(session: Session, search: SavedSearch, taxonomy: Taxonomy, mark: str) -> None:
    """Within the caller's transaction, compile a search that has an id, and write its keys."""
    keys: Collection[str] = [watch_key(search.watch, search.subject_kind, search.subject_id)]
    if search.watch == Watch.SEARCH:
        query = AskedSearch.model_validate(search.asked).standing(taxonomy)
        search.compiled, keys = query.as_data(), keys_of(query)
    search.words_mark = mark
    session.add(search)
    session.exec(delete(SavedSearchKey).where(col(SavedSearchKey.search_id) == search.pk))
    if keys:
        session.exec(insert(SavedSearchKey), params=[{"key": key, "search_id": search.pk} for key in sorted(keys)])


def compile_stale(session: Session, taxonomy: Taxonomy) -> int:
    """Compile anew what was compiled by other words, in transactions of AT_ONCE; returns how many that were."""
    mark, count = words_mark(taxonomy), 0
    # Two ranges of the index, since it has no way to look for what differs.
    is_stale = or_(col(SavedSearch.words_mark) < mark, col(SavedSearch.words_mark) > mark)
    while found := list(session.exec(select(SavedSearch.id).where(is_stale).limit(AT_ONCE))):
        with transaction(session):
            for search in session.exec(select(SavedSearch).where(col(SavedSearch.id).in_(found))):
                compile_search(session, search, taxonomy, mark)
        count += len(found)
    return count


def watch_key(watch: str, subject_kind: str, subject_id: int | None) -> str:
    """The key of what watches one record or organisation."""
    return f"watch:{watch}:{subject_kind}:{subject_id}"


def candidates(session: Session, keys: Iterable[str]) -> list[Candidate]:
    """The searches that stand under one of the keys and are not paused, by their ids."""
    ids: set[int] = set()
    for part in _parts(sorted(set(keys))):
        ids.update(session.exec(select(SavedSearchKey.search_id).where(col(SavedSearchKey.key).in_(part))))
    columns = (
        SavedSearch.id,
        SavedSearch.account_id,
        SavedSearch.watch,
        SavedSearch.rhythm,
        SavedSearch.subject_id,
        SavedSearch.compiled,
    )
    found: list[Candidate] = []
    for numbers in _parts(sorted(ids)):
        query = select(*columns).where(col(SavedSearch.id).in_(numbers), ~col(SavedSearch.is_paused))  # type: ignore[call-overload]
        found += [Candidate(*row) for row in session.exec(query)]
    return found


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[begin : begin + AT_ONCE] for begin in range(0, len(values), AT_ONCE))
