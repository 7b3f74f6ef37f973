"""Save, change, delete: what a person wants to be told of. Their own, in no log, as bookmarks are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, delete, func, select, update

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.compiling import compile_search, words_mark
from scenario_hall.alerts.models import LONGEST_NAME, AlertHit, Rhythm, SavedSearch, SavedSearchKey, Watch
from scenario_hall.alerts.times import due_at
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import AlreadyExists, Denied, Invalid, NotFound, StaleEdit, WrongState
from scenario_hall.core.lines import require_lines
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.organizations.models import Account, Organization
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.taxonomy import Taxonomy

MOST = 100  # of one person
KEPT = timedelta(days=183)
SUBJECTS: dict[str, Any] = {"scenario": Scenario, "product": Product, "organization": Organization}
# What each watch is of, and what its owner must be allowed there.
WATCHED: dict[str, tuple[tuple[str, ...], str]] = {
    Watch.PRODUCTS: (("scenario",), "view_matches"),
    Watch.SCENARIOS: (("product",), "view_matches"),
    Watch.RECORD: (("scenario", "product"), ""),
    Watch.ORGANIZATION: (("organization",), ""),
}


def save_search(
    actor: Actor,
    *,
    session: Session,
    taxonomy: Taxonomy,
    name: str,
    watch: Watch,
    rhythm: Rhythm,
    asked: AskedSearch | None = None,
    subject: tuple[str, int] | None = None,
) -> SavedSearch:
    """Save a search, or what is watched (``subject``: its kind and id). Raises Denied, Invalid, NotFound,
    AlreadyExists, WrongState (too many)."""
    if actor.account_id is None or not actor.is_confirmed:
        raise Denied(N_("Confirm your e-mail address first: letters go there."))
    name = _checked_name(name)
    told: dict[str, Any] = {}
    if watch is Watch.SEARCH:
        if asked is None or asked.is_everything:
            raise Invalid({"asked": N_("Give at least a word or a filter: this would tell of everything.")})
        told, subject = asked.told(), None
    else:
        require_watched(session, actor, watch, subject)
    kind, key = subject or ("", None)
    with transaction(session):
        mine = list(session.exec(select(SavedSearch).where(col(SavedSearch.account_id) == actor.account_id)))
        if len(mine) >= MOST:
            raise WrongState(N_("You have 100 saved searches already. Delete some first."))
        wanted = (watch, kind, key, told)
        if any((row.watch, row.subject_kind, row.subject_id, row.asked) == wanted for row in mine):
            raise AlreadyExists(N_("You have saved this already."))
        search = SavedSearch(
            account_id=actor.account_id,
            name=name,
            watch=watch,
            subject_kind=kind,
            subject_id=key,
            asked=told,
            rhythm=rhythm,
        )
        session.add(search)
        session.flush()
        compile_search(session, search, taxonomy, words_mark(taxonomy))
    return search


def require_watched(session: Session, actor: Actor, watch: str, subject: tuple[str, int] | None) -> Any:
    """The record or organisation that is to be watched. Raises NotFound where there is none that the actor may
    watch so, and Denied."""
    kinds, action = WATCHED[watch]
    if subject is None or subject[0] not in kinds:
        raise NotFound()
    record = session.get(SUBJECTS[subject[0]], subject[1])
    if record is None or not can(actor, "view", record):
        raise NotFound()
    if action and not can(actor, action, record):
        raise Denied()
    if not action and not record.is_public():
        raise NotFound()
    return record


def change_search(
    actor: Actor,
    *,
    session: Session,
    search_id: int,
    version: int | None,
    name: str,
    rhythm: Rhythm,
    is_paused: bool,
) -> SavedSearch:
    """Another name or rhythm, or a pause; what waits to be told follows the new rhythm. Raises NotFound, StaleEdit,
    Invalid."""
    name = _checked_name(name)
    with transaction(session):
        search = search_of(session, actor, search_id)
        session.refresh(search, with_for_update=True)
        if version is not None and search.version != version:
            raise StaleEdit(search)
        is_other = (search.rhythm, search.is_paused) != (rhythm, is_paused)
        search.name, search.rhythm, search.is_paused = name, rhythm, is_paused
        search.version += 1
        search.updated_at = now()
        session.add(search)
        if is_other:
            _reschedule(session, [search.pk], Rhythm.NONE if is_paused else rhythm)
    return search


def delete_search(actor: Actor, *, session: Session, search_id: int) -> None:
    """With its hits. Raises NotFound."""
    with transaction(session):
        _delete(session, [search_of(session, actor, search_id).pk])


def search_of(session: Session, actor: Actor, search_id: int | None) -> SavedSearch:
    """The actor's own saved search. Raises NotFound."""
    search = session.get(SavedSearch, search_id) if search_id is not None else None
    if search is None or actor.account_id is None or search.account_id != actor.account_id:
        raise NotFound()
    return search


def searches_of(session: Session, account_id: int) -> Sequence[SavedSearch]:
    """All of an account, the newest first."""
    query = select(SavedSearch).where(col(SavedSearch.account_id) == account_id)
    return list(session.exec(query.order_by(col(SavedSearch.id).desc())))


def hit_counts(session: Session, account_id: int) -> dict[int, int]:
    """Search id → how many records it has found."""
    query = select(AlertHit.search_id, func.count()).where(col(AlertHit.account_id) == account_id)
    return dict(session.exec(query.group_by(col(AlertHit.search_id))).all())


def stop_letters(session: Session, *, account_id: int, search_id: int | None) -> int:
    """No letters about one search, or about any of the account (None), from now on; what it finds is kept. Returns
    how many searches that changes: none when it is asked again."""
    query = select(SavedSearch).where(col(SavedSearch.account_id) == account_id, col(SavedSearch.rhythm) != Rhythm.NONE)
    if search_id is not None:
        query = query.where(col(SavedSearch.id) == search_id)
    with transaction(session):
        found = list(session.exec(query.with_for_update()))
        for search in found:
            search.rhythm, search.version, search.updated_at = Rhythm.NONE, search.version + 1, now()
            session.add(search)
        _reschedule(session, [search.pk for search in found], Rhythm.NONE)
        if found:
            record_event(session, None, session.get_one(Account, account_id), "account.letters_stopped")
    return len(found)


def forget_alerts(session: Session, account_id: int) -> None:
    """Within the caller's transaction, delete all saved searches of an account."""
    mine = select(SavedSearch.id).where(col(SavedSearch.account_id) == account_id)
    _delete(session, [each for each in session.exec(mine) if each is not None])


def prune_alerts(session: Session) -> int:
    """Let go of hits that were told, or owe no letter, half a year ago; returns how many."""
    old = delete(AlertHit).where(col(AlertHit.due_at).is_(None), col(AlertHit.found_at) <= now() - KEPT)
    with transaction(session):
        return session.exec(old).rowcount


def _delete(session: Session, ids: Sequence[int]) -> None:
    for table in (SavedSearchKey, AlertHit):
        session.exec(delete(table).where(col(table.search_id).in_(ids)))
    session.exec(delete(SavedSearch).where(col(SavedSearch.id).in_(ids)))


def _reschedule(session: Session, ids: Sequence[int], rhythm: Rhythm) -> None:
    """What was found and not told."""
    waiting = update(AlertHit).where(col(AlertHit.search_id).in_(ids), col(AlertHit.told_at).is_(None))
    session.exec(waiting.values(due_at=due_at(rhythm, now())))


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    require_lines(lines={"name": name})
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": N_("Give a name of at most 100 characters.")})
    return name
