"""Readable public codes: S-2026-000123. Each prefix and year counts up without gaps or duplicates."""

from __future__ import annotations

from sqlmodel import Field, Session, SQLModel

from scenario_hall.core.clock import local_year, now
from scenario_hall.log.chain import lock_head

SCENARIO, PRODUCT, APPLICATION, OUTCOME, CERTIFICATE = "S", "P", "A", "T", "C"


class CodeCounter(SQLModel, table=True):
    __tablename__ = "code_counter"

    prefix: str = Field(primary_key=True, max_length=2)
    year: int = Field(primary_key=True)
    last: int = 0


def next_code(session: Session, prefix: str) -> str:
    """The next code of ``prefix`` in this year, within the caller's transaction: an undone one leaves no gap."""
    # The log's head is locked sooner or later by every writer; taken first, it also keeps two writers from
    # both making the year's first row.
    lock_head(session)
    year = local_year(now())
    counter = session.get(CodeCounter, (prefix, year), with_for_update=True, populate_existing=True)
    if counter is None:
        counter = CodeCounter(prefix=prefix, year=year)
    counter.last += 1
    session.add(counter)
    session.flush()
    return f"{prefix}-{year}-{counter.last:06d}"
