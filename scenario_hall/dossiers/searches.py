"""What the pages of saved searches show: each with what it asks for, what it has found and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.models import AlertHit, SavedSearch, Watch
from scenario_hall.alerts.post import watched_title
from scenario_hall.alerts.service import SUBJECTS, hit_counts, search_of, searches_of
from scenario_hall.core.policy import Actor
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario

SHOWN = 50


@dataclass(frozen=True)
class ShownSearch:
    """A saved search; ``watched``: the title of what it watches, ``asked``: what a search asks for."""

    search: SavedSearch
    asked: AskedSearch
    watched: str
    count: int


@dataclass(frozen=True)
class ShownHit:
    """A hit with its record, which is public."""

    hit: AlertHit
    record: Scenario | Product


@dataclass(frozen=True)
class SearchPage:
    """One saved search with what it has found, the newest first."""

    shown: ShownSearch
    hits: Sequence[ShownHit]


def my_searches(session: Session, actor: Actor) -> list[ShownSearch]:
    """All of the actor's, the newest first."""
    if actor.account_id is None:
        return []
    counts = hit_counts(session, actor.account_id)
    return [_shown(session, each, counts.get(each.pk, 0)) for each in searches_of(session, actor.account_id)]


def my_search(session: Session, actor: Actor, search_id: int) -> SearchPage:
    """One of the actor's. Raises NotFound."""
    search = search_of(session, actor, search_id)
    counts = hit_counts(session, search.account_id)
    query = select(AlertHit).where(col(AlertHit.search_id) == search.pk)
    rows = session.exec(query.order_by(col(AlertHit.found_at).desc(), col(AlertHit.id).desc()).limit(SHOWN)).all()
    return SearchPage(_shown(session, search, counts.get(search.pk, 0)), public_hits(session, rows))


def public_hits(session: Session, rows: Sequence[AlertHit]) -> list[ShownHit]:
    """The hits with their records; what is public no longer is left out."""
    records: dict[tuple[str, int], Scenario | Product] = {}
    for kind in ("scenario", "product"):
        table = SUBJECTS[kind]
        ids = {row.record_id for row in rows if row.record_kind == kind}
        if ids:
            records |= {(kind, each.pk): each for each in session.exec(select(table).where(col(table.id).in_(ids)))}
    found = [(row, records.get((row.record_kind, row.record_id))) for row in rows]
    return [ShownHit(row, record) for row, record in found if record is not None and record.is_public()]


def _shown(session: Session, search: SavedSearch, count: int) -> ShownSearch:
    asked = AskedSearch.model_validate(search.asked if search.watch == Watch.SEARCH else {})
    return ShownSearch(search, asked, watched_title(session, search), count)
