"""Bookmarks of whoever the token acts for."""

from __future__ import annotations

from typing import Any, Literal

from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.values import Told
from scenario_hall.bookmarks.service import bookmarks_of, set_bookmark
from scenario_hall.core.errors import NotFound
from scenario_hall.core.texts import N_
from scenario_hall.organizations.models import Organization
from scenario_hall.organizations.tokens import Scope
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.service import get_scenario

SUBJECT = "bookmarks"
Kind = Literal["scenario", "product", "organization"]


class BookmarkTold(Told):
    """A record that is marked."""

    kind: Kind
    key: str
    title: str
    link: str


class Bookmarks(Told):
    """The newest mark first; what is no longer to be seen is left out."""

    items: list[BookmarkTold]


class Unmarked(Told):
    """The mark is off."""

    kind: Kind
    key: str
    is_deleted: bool = True


def _told(kind: Kind, record: Any) -> BookmarkTold:
    title = record.name if isinstance(record, Organization) else record.title
    key = record.public_code
    return BookmarkTold(kind=kind, key=key, title=title, link=f"/api/v1/{kind}s/{key}")


def _list(call: Call) -> Bookmarks:
    return Bookmarks(items=[_told(kind, record) for kind, record in bookmarks_of(call.session, call.actor)])  # type: ignore[arg-type]


def _place(call: Call) -> tuple[Kind, str]:
    """Kind and id of what the address names. Raises NotFound."""
    kind, key = call.path["kind"], call.path["key"]
    match kind:
        case "scenario":
            return "scenario", str(get_scenario(call.session, key).pk)
        case "product":
            return "product", str(get_product(call.session, key).pk)
        case "organization":
            return "organization", key
    raise NotFound()


def _mark(call: Call) -> BookmarkTold:
    kind, number = _place(call)
    set_bookmark(call.actor, session=call.session, kind=kind, key=number, is_kept=True)
    found = next((each for each in bookmarks_of(call.session, call.actor) if each[1].pk == int(number)), None)
    if found is None:
        raise NotFound()
    return _told(kind, found[1])


def _unmark(call: Call) -> Unmarked:
    kind, number = _place(call)
    set_bookmark(call.actor, session=call.session, kind=kind, key=number, is_kept=False)
    return Unmarked(kind=kind, key=call.path["key"])


_COMMON: dict[str, Any] = {"subject": SUBJECT}
_ONE: dict[str, Any] = {**_COMMON, "path": "/bookmarks/{kind}/{key}", "scopes": (Scope.WRITE,)}
OPERATIONS = [
    Operation(
        name="list_bookmarks",
        method="GET",
        path="/bookmarks",
        summary=N_("What you have marked"),
        answer=Bookmarks,
        scopes=(Scope.READ,),
        run=_list,
        **_COMMON,
    ),
    Operation(
        name="set_bookmark",
        method="PUT",
        summary=N_("Mark a public record, by its kind and its code or number"),
        answer=BookmarkTold,
        run=_mark,
        **_ONE,
    ),
    Operation(
        name="remove_bookmark",
        method="DELETE",
        summary=N_("Take the mark off"),
        answer=Unmarked,
        run=_unmark,
        **_ONE,
    ),
]
