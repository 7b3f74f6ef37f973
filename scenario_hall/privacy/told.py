"""What the hall holds of one person, by the declaration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, SQLModel

from scenario_hall.organizations.models import Account
from scenario_hall.privacy.declaration import DECLARED
from scenario_hall.privacy.held import By, Held

MOST_ROWS = 10_000  # of one table


@dataclass(frozen=True)
class HeldRows:
    """One entry of the declaration with the person's own rows; of a secret only how many."""

    held: Held
    rows: Sequence[dict[str, Any]]


def held_of(session: Session, account: Account) -> list[HeldRows]:
    """Everything, in the order of the declaration; people whom organisations name are nobody's own."""
    return [HeldRows(held, _rows(session, held, account)) for held in DECLARED if held.by is not By.OTHERS]


def _rows(session: Session, held: Held, account: Account) -> list[dict[str, Any]]:
    table = SQLModel.metadata.tables[held.table]
    names = () if held.is_secret else tuple(dict.fromkeys((*_names(held), *held.columns)))
    query = select(*(table.c[name] for name in names or (held.owner,))).where(is_own(held, account)).limit(MOST_ROWS)
    return [{name: _plain(row[name]) for name in names} for row in session.execute(query).mappings()]


def is_own(held: Held, account: Account) -> ColumnElement[bool]:
    """The rows that are tied to the account."""
    column = SQLModel.metadata.tables[held.table].c[held.owner]
    match held.by:
        case By.ACCOUNT:
            return column == account.pk
        case By.ADDRESS:
            return func.lower(column) == account.email
        case _:
            return column.contains(account.email, autoescape=True)


def _names(held: Held) -> tuple[str, ...]:
    """How the row is called for people: its code or number."""
    columns = SQLModel.metadata.tables[held.table].c
    return tuple(name for name in ("code", "id") if name in columns)[:1]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value
