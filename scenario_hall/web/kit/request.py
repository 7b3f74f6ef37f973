"""What every request has: a database session, an actor and the current taxonomy."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from scenario_hall.config import Settings
from scenario_hall.core.errors import NotFound
from scenario_hall.core.policy import VISITOR, Actor
from scenario_hall.language.text import register_terms
from scenario_hall.log.chain import Event
from scenario_hall.log.kinds.kind import ReaderName
from scenario_hall.log.kinds.table import kinds_for
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.second_factor import has_second_factor
from scenario_hall.search.engine.index import SearchIndex
from scenario_hall.taxonomy.service import load_taxonomy
from scenario_hall.taxonomy.taxonomy import Taxonomy
from scenario_hall.web.kit.kept import keep_writing

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def settings() -> Settings:
    return cast("Settings", current_app.extensions["hall_settings"])


def engine() -> Engine:
    return cast("Engine", current_app.extensions["hall_engine"])


def index() -> SearchIndex:
    return cast("SearchIndex", current_app.extensions["hall_index"])


def database() -> Session:
    """The request's session; closed when the request is over, rolled back if nobody committed."""
    if "session" not in g:
        g.session = Session(engine())
    return cast("Session", g.session)


def actor() -> Actor:
    """Who makes this request. An administrator who has to have a second factor and has none is as everybody else."""
    if "actor" not in g:
        found = actor_of(database(), account()) if current_user.is_authenticated else VISITOR
        g.lacks_second_factor = (
            found.is_administrator
            and must_have_second_factor(account())
            and not has_second_factor(database(), account().pk)
        )
        g.actor = replace(found, is_administrator=False) if g.lacks_second_factor else found
    return cast("Actor", g.actor)


def must_have_second_factor(person: Account) -> bool:
    return person.is_administrator and settings().second_factor == "administrators"


def account() -> Account:
    """The logged-in person's account."""
    return database().get_one(Account, current_user.account_id)


def taxonomy() -> Taxonomy:
    """The taxonomy, read again only when its last event has changed."""
    if "taxonomy" in g:
        return cast("Taxonomy", g.taxonomy)
    query = select(func.max(Event.id)).where(col(Event.kind).in_(kinds_for(ReaderName.PAGES)))
    stamp = database().exec(query).one() or 0
    known: tuple[int, Taxonomy] | None = current_app.extensions.get("hall_taxonomy")
    if known is None or known[0] != stamp:
        known = (stamp, load_taxonomy(database()))
        register_terms(known[1].terms())
        current_app.extensions["hall_taxonomy"] = known
    g.taxonomy = known[1]
    return known[1]


def login_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Send visitors to the log-in page and back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if not current_user.is_authenticated:
            flash(_("Please log in to continue."), "info")
            return _to_log_in()
        return view(*args, **kwargs)

    return guarded


def _to_log_in() -> Response:
    """To the log-in page, and from there to the page asked for, or with the form that was sent to where it stands."""
    page = keep_writing(database()) if request.method == "POST" else request.full_path.rstrip("?")
    return cast("Response", redirect(url_for("account.login", next=page)))


def administrator_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """For pages that only administrators have; for all others there is no such page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if not current_user.is_authenticated:
            return _to_log_in()
        if not actor().is_administrator:
            if g.lacks_second_factor:
                return cast("Response", redirect(url_for("second_factor.show")))
            raise NotFound()
        return view(*args, **kwargs)

    return guarded


def close_session(app: Flask) -> None:
    """Close the request's session, whatever happened."""

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            session.close()
