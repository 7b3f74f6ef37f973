"""A hall that others have filled: every row many times over, under ids and codes of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
)
from sqlmodel import AutoString, SQLModel

APART = 1_000_000  # between the ids of one copy and the next
# The log and how far its readers are, what is one of a kind, and the hall's own words.
KEPT = {
    "event",
    "event_word",
    "log_head",
    "reader_cursor",
    "tree_node",
    "code_counter",
    "tag",
    "target",
    "job",
    "schema_floor",
}
# What waits for an administrator is a queue, and a page of it is as long as the queue: no copy waits.
WAITING = {
    "scenario": {"submitted": "draft"},
    "product": {"submitted": "draft"},
    "organization": {"registered": "verified"},
    "proposed_revision": {"proposed": "returned"},
    "outcome": {"claimed": "confirmed", "on_notice": "confirmed"},
}

# The same of columns; and those who could decide are as many as before.
WAITING_SINCE = {"facts_changed_at": null(), "is_administrator": false()}


def fill(engine: Engine, copies: range) -> None:
    """Add these copies of the rows that are in no copy yet. SQLite only."""
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in KEPT:
                _copy(connection, table, copies)


def _copy(connection: Connection, table: Table, copies: range) -> None:
    shifted, renamed = _moved(table)
    number, apart = bindparam("copy", type_=Integer), bindparam("apart", type_=Integer)
    columns: dict[str, Any] = {}
    for column in table.c:
        if column.name in shifted:
            columns[column.name] = column + apart
        elif column.name in renamed:
            columns[column.name] = column.concat("-").concat(cast(number, String))
        elif column.name == "state" and table.name in WAITING:
            columns[column.name] = case(WAITING[table.name], value=column, else_=column)
        else:
            columns[column.name] = WAITING_SINCE.get(column.name, column)
    first = next((column for column in table.c if column.name in shifted), None)
    if first is not None:
        is_original = first < APART
    else:
        is_original = literal_column("rowid") <= (connection.scalar(select(func.count()).select_from(table)) or 0)
    copied = insert(table).from_select(list(columns), select(*columns.values()).where(is_original))
    for copy in copies:
        connection.execute(copied, {"copy": copy, "apart": copy * APART})


def _moved(table: Table) -> tuple[set[str], set[str]]:
    """The columns of numbers and of texts in which a copy differs."""
    shifted, renamed = {column.name for column in table.c if _is_shifted(column)}, set[str]()
    for together in _unique(table):
        if together & (shifted | renamed):
            continue
        texts = sorted(name for name in together if isinstance(table.c[name].type, String | AutoString))
        numbers = sorted(name for name in together if isinstance(table.c[name].type, Integer))
        renamed |= set(texts[:1])
        shifted |= set(numbers[:1]) if not texts else set()
    return shifted, renamed


def _is_shifted(column: Column[Any]) -> bool:
    """A number that names a row which is copied, too."""
    if not isinstance(column.type, Integer):
        return False
    tables = {key.column.table.name for key in column.foreign_keys}
    is_key = column.primary_key and not tables
    names_account = column.name in {"account_id", "created_by", "uploaded_by", "answered_by", "organization_id"}
    names_record = column.name in {"subject_id", "record_id"}
    return bool(tables - KEPT) or is_key or names_account or names_record


def _unique(table: Table) -> Iterator[set[str]]:
    yield {column.name for column in table.primary_key}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield {column.name for column in constraint.columns}
    for index in table.indexes:
        if index.unique:
            yield {column.name for column in index.columns}
    for column in table.c:
        if column.unique:
            yield {column.name}
