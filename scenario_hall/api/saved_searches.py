"""Saved searches of whoever the token acts for: what they want to be told of, and what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.models import LONGEST_NAME, AlertHit, Rhythm, SavedSearch, Watch
from scenario_hall.alerts.service import SUBJECTS, change_search, delete_search, save_search, search_of
from scenario_hall.api.declaring import Call, Listing, Operation
from scenario_hall.api.values import Asked, Id, ListQuery, RecordQuery, Ref, Told, closed
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.organizations.tokens import Scope
from scenario_hall.web.kit.request import taxonomy

AskedHere = closed(AskedSearch)
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]


class Watched(Asked):
    """The record or organisation that is watched, by its id."""

    kind: Literal["scenario", "product", "organization"]
    id: Id


class NewSavedSearch(Asked):
    """A search (`asked`), or something that is watched (`subject`)."""

    name: Name
    watch: Watch = Watch.SEARCH
    rhythm: Rhythm = Rhythm.DAILY
    asked: AskedHere | None = None  # type: ignore[valid-type]
    subject: Watched | None = None


class SavedSearchChange(Asked):
    """What is not sent stays."""

    name: Name | None = None
    rhythm: Rhythm | None = None
    is_paused: bool | None = None


class SavedSearchTold(Told):
    """One saved search. `asked` has the words and filters by the names that `/search` gives them."""

    id: int
    link: str
    version: int
    name: str
    watch: Watch
    rhythm: Rhythm
    is_paused: bool
    asked: dict[str, Any]
    subject: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime


class HitTold(Told):
    """A public record that a saved search has found: why, what has changed of it since, and when it was told."""

    id: int
    kind: Literal["scenario", "product"]
    record: Ref
    link: str
    why: dict[str, Any]
    changed: list[str]
    found_at: datetime
    told_at: datetime | None


class SearchDeleted(Told):
    """A saved search that is no more."""

    id: int
    is_deleted: bool = True


def _tell(_call: Call, search: SavedSearch) -> SavedSearchTold:
    subject = {"kind": search.subject_kind, "id": search.subject_id} if search.subject_kind else None
    return SavedSearchTold(
        id=search.pk,
        link=f"/api/v1/saved-searches/{search.pk}",
        version=search.version,
        name=search.name,
        watch=Watch(search.watch),
        rhythm=Rhythm(search.rhythm),
        is_paused=search.is_paused,
        asked=search.asked,
        subject=subject,
        created_at=search.created_at,
        updated_at=search.updated_at,
    )


def _load(call: Call) -> SavedSearch:
    return search_of(call.session, call.actor, whole_number(call.path["id"]))


def _rows(call: Call) -> SelectOfScalar[SavedSearch]:
    return select(SavedSearch).where(col(SavedSearch.account_id) == call.actor.account_id)


def _is_mine(call: Call, search: SavedSearch) -> bool:
    return search.account_id == call.actor.account_id


def _create(call: Call) -> SavedSearchTold:
    body: NewSavedSearch = call.body
    asked: Any = body.asked
    search = save_search(
        call.actor,
        session=call.session,
        taxonomy=taxonomy(),
        name=body.name,
        watch=body.watch,
        rhythm=body.rhythm,
        asked=AskedSearch.model_validate(asked.model_dump()) if asked is not None else None,
        subject=(body.subject.kind, body.subject.id) if body.subject is not None else None,
    )
    return _tell(call, search)


def _change(call: Call) -> SavedSearchTold:
    body: SavedSearchChange = call.body
    search: SavedSearch = call.record
    changed = change_search(
        call.actor,
        session=call.session,
        search_id=search.pk,
        version=call.version,
        name=search.name if body.name is None else body.name,
        rhythm=Rhythm(search.rhythm) if body.rhythm is None else body.rhythm,
        is_paused=search.is_paused if body.is_paused is None else body.is_paused,
    )
    return _tell(call, changed)


def _delete(call: Call) -> SearchDeleted:
    key = call.record.pk
    delete_search(call.actor, session=call.session, search_id=key)
    return SearchDeleted(id=key)


def _hit_rows(call: Call) -> SelectOfScalar[AlertHit]:
    return select(AlertHit).where(col(AlertHit.search_id) == _load(call).pk)


def _is_public(call: Call, hit: AlertHit) -> bool:
    record = call.session.get(SUBJECTS[hit.record_kind], hit.record_id)
    return record is not None and record.is_public()


def _tell_hit(call: Call, hit: AlertHit) -> HitTold:
    record = call.session.get(SUBJECTS[hit.record_kind], hit.record_id)
    if record is None:
        raise NotFound()
    return HitTold(
        id=hit.id or 0,
        kind="product" if hit.record_kind == "product" else "scenario",
        record=Ref(code=record.code, title=record.title),
        link=f"/api/v1/{hit.record_kind}s/{record.code}",
        why=hit.why,
        changed=hit.changed,
        found_at=hit.found_at,
        told_at=hit.told_at,
    )


_COMMON: dict[str, Any] = {"subject": "saved-searches"}
_ONE: dict[str, Any] = {**_COMMON, "path": "/saved-searches/{id}", "load": _load}
_EXAMPLE = {"name": "Drones in Shenzhen", "rhythm": "daily", "asked": {"q": "无人机", "region": ["440300"]}}
OPERATIONS = [
    Operation(
        name="list_saved_searches",
        method="GET",
        path="/saved-searches",
        summary=N_("Your saved searches"),
        query=ListQuery,
        answer=SavedSearchTold,
        scopes=(Scope.READ,),
        listing=Listing(_rows, SavedSearch.id, _is_mine, _tell, SavedSearchTold),
        **_COMMON,
    ),
    Operation(
        name="create_saved_search",
        method="POST",
        path="/saved-searches",
        summary=N_("Save a search, or have a record or an organisation watched"),
        answer=SavedSearchTold,
        body=NewSavedSearch,
        status=201,
        scopes=(Scope.WRITE,),
        run=_create,
        example=_EXAMPLE,
        **_COMMON,
    ),
    Operation(
        name="get_saved_search",
        method="GET",
        summary=N_("One of them"),
        query=RecordQuery,
        answer=SavedSearchTold,
        scopes=(Scope.READ,),
        run=lambda call: _tell(call, call.record),
        **_ONE,
    ),
    Operation(
        name="change_saved_search",
        method="PATCH",
        summary=N_("Another name or rhythm, or a pause"),
        answer=SavedSearchTold,
        body=SavedSearchChange,
        scopes=(Scope.WRITE,),
        is_versioned=True,
        run=_change,
        example={"rhythm": "weekly"},
        **_ONE,
    ),
    Operation(
        name="delete_saved_search",
        method="DELETE",
        summary=N_("Delete it, with what it has found"),
        answer=SearchDeleted,
        scopes=(Scope.WRITE,),
        is_versioned=True,
        run=_delete,
        **_ONE,
    ),
    Operation(
        name="list_hits",
        method="GET",
        path="/saved-searches/{id}/hits",
        summary=N_("What it has found, and why"),
        query=ListQuery,
        answer=HitTold,
        scopes=(Scope.READ,),
        listing=Listing(_hit_rows, AlertHit.id, _is_public, _tell_hit, HitTold),
        **_COMMON,
    ),
]
