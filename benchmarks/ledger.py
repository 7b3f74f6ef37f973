"""Rows written in bulk that are what the services write one by one: the log's lines with their hashes and words, and
what is kept in the log's transactions.

Nothing here decides what may be done; whoever calls it has to write what a service would. ``tests/benchmarks`` holds
both against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, insert, select, update
from sqlmodel import SQLModel

from scenario_hall.core.canonical import canonical_json
from scenario_hall.core.clock import local_year
from scenario_hall.log.acts import PartyAct
from scenario_hall.log.chain import Event, LogHead, line_hash
from scenario_hall.log.codes import CodeCounter
from scenario_hall.log.kinds.table import KINDS, check_declared
from scenario_hall.log.words import EventWord, parted

AT_ONCE = 20_000  # rows in memory before they are written


class Subject(NamedTuple):
    """What lines are about."""

    kind: str
    id: int
    code: str


class _Line(NamedTuple):
    """The columns of ``Event``."""

    id: int
    at: datetime
    kind: str
    actor_id: int | None
    subject_kind: str
    subject_id: int
    subject_code: str
    data: str
    previous_hash: str
    hash: str


class Ledger:
    """The end of the log, and rows that wait to be written with it. One writer alone, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.last_id, self.last_hash = connection.execute(select(LogHead.last_id, LogHead.last_hash)).one()  # type: ignore[call-overload]
        self._codes: dict[tuple[str, int], int] = {
            (prefix, year): last
            for prefix, year, last in connection.execute(
                select(CodeCounter.prefix, CodeCounter.year, CodeCounter.last)  # type: ignore[call-overload]
            )
        }
        self._waiting: dict[type[SQLModel], list[dict[str, Any]]] = {}
        self._count = 0

    def code(self, prefix: str, at: datetime) -> str:
        """The next code, as ``log.codes.next_code`` gives it."""
        key = prefix, local_year(at)
        self._codes[key] = self._codes.get(key, 0) + 1
        return f"{prefix}-{key[1]}-{self._codes[key]:06d}"

    def line(self, kind: str, at: datetime, actor_id: int, subject: Subject, data: Mapping[str, Any]) -> None:
        """Append one line, as ``log.chain.append`` does."""
        check_declared(kind, subject.kind, data)
        marks, words = parted(KINDS[kind], data, event_id=self.last_id + 1, actor_id=actor_id)
        text = canonical_json(marks)
        line = _Line(self.last_id + 1, at, kind, actor_id, *subject, text, self.last_hash, "")
        line = line._replace(hash=line_hash(cast(Event, line)))  # it has the columns of one
        self.last_id, self.last_hash = line.id, line.hash
        self.add(Event, line._asdict())
        for word in words:
            self.add(EventWord, columns_of(word))

    def act(self, account_id: int, organization_id: int, case_key: str, at: datetime) -> None:
        """That the account acted for the organisation in a case, as ``log.acts.record_act`` keeps it."""
        row = {"account_id": account_id, "case_key": case_key, "organization_id": organization_id, "first_at": at}
        self.add(PartyAct, row)

    def add(self, table: type[SQLModel], row: dict[str, Any]) -> None:
        self._waiting.setdefault(table, []).append(row)
        self._count += 1
        if self._count >= AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what waits, with the log's head and the counters of codes."""
        for table, rows in self._waiting.items():
            self.connection.execute(insert(table), rows)
        self._waiting, self._count = {}, 0
        self.connection.execute(update(LogHead).values(last_id=self.last_id, last_hash=self.last_hash))
        for (prefix, year), last in self._codes.items():
            here = (CodeCounter.prefix == prefix) & (CodeCounter.year == year)
            if not self.connection.execute(update(CodeCounter).where(here).values(last=last)).rowcount:  # type: ignore[arg-type]
                self.connection.execute(insert(CodeCounter).values(prefix=prefix, year=year, last=last))


def columns_of(row: SQLModel) -> dict[str, Any]:
    """The columns of a row that is in no session, but for an id that it has not got."""
    values = {column.name: getattr(row, column.name) for column in type(row).__table__.columns}  # type: ignore[attr-defined]
    return {name: value for name, value in values.items() if name != "id" or value is not None}
