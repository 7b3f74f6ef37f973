"""What most commands need: settings, a database at the newest schema, and who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings, SettingsError, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.accounts import find_account, operator_of
from scenario_hall.schema import is_behind, may_serve, upgrade
from scenario_hall.taxonomy.service import seed_taxonomy


def prepare(settings: Settings) -> Engine:
    """The database, migrated to the newest schema, with the shipped taxonomy in it. Raises SettingsError where it is at
    one that is newer than this version can work on."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url, connections=settings.database_connections)
    if is_behind(engine):
        upgrade(engine)
    elif not may_serve(engine):
        raise SettingsError("the database has the schema of a newer version, which this one cannot work on")
    with Session(engine) as session:
        seed_taxonomy(session)
    return engine


@contextmanager
def opened() -> Iterator[tuple[Settings, Engine, Session]]:
    """Settings, engine and a session for one command."""
    settings = load_settings()
    engine = prepare(settings)
    with Session(engine) as session:
        yield settings, engine, session
    engine.dispose()


def operator(session: Session, email: str | None) -> Actor:
    """Who acts at the command line: the hall's operator, in the name of the administrator ``email`` if given."""
    if email is None:
        return operator_of(session, None)
    account = find_account(session, email)
    if account is None or not account.is_administrator:
        raise Denied("%(email)s is no administrator of this hall", email=email)
    return operator_of(session, account)
