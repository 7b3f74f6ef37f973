"""What every command needs: settings, a database at the newest schema, errors reported in one line."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scenario_hall.config import Settings, SettingsError, load_settings
from scenario_hall.core.db import make_engine
from scenario_hall.core.errors import Denied, HallError
from scenario_hall.core.logs import log_to_stderr
from scenario_hall.core.policy import Actor
from scenario_hall.organizations.accounts import find_account, operator_of
from scenario_hall.schema import is_current, upgrade
from scenario_hall.taxonomy.service import seed_taxonomy

P = ParamSpec("P")
R = TypeVar("R")


def report_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Report errors that the user can act on in one line on standard error, with exit status 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (HallError, SettingsError) as error:
            raise click.ClickException(str(error)) from None
        except OperationalError as error:
            raise click.ClickException(f"the database cannot be reached, or is locked: {error.orig}") from None

    return wrapped


def prepare(settings: Settings) -> Engine:
    """The database, migrated to the newest schema, with the shipped taxonomy in it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    if not is_current(engine):
        upgrade(engine)
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


def begin() -> None:
    """Let only the hall's user read what a command writes (letters with links, the database), and log to standard
    error."""
    os.umask(0o077)
    log_to_stderr()
