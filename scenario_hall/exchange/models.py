"""An import as rows: the run with its state and report, and the checked rows that wait to be taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_


class ImportState(StrEnum):
    CHECKING = "checking"  # its rows are being stored; without its process it is dropped
    CHECKED = "checked"  # every row is stored: from here on it is taken to the end, by whatever process
    TAKING = "taking"
    TAKEN = "taken"


IMPORT_STATE_NAMES: dict[str, str] = {
    ImportState.CHECKING: N_("Being checked"),
    ImportState.CHECKED: N_("Checked"),
    ImportState.TAKING: N_("Being imported"),
    ImportState.TAKEN: N_("Imported"),
}


MOST_TOLD = 100  # faults on a page


class ImportRun(SQLModel, table=True):
    """One list on its way into the hall."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=200)
    fingerprint: str = Field(max_length=64, index=True)  # of the file and the options: the same list is continued
    account_id: int | None = Field(default=None, foreign_key="account.id")  # who answers for it; None: the operator
    releases: bool = False
    state: str = Field(default=ImportState.CHECKING, max_length=10, index=True)
    total: int = 0  # rows to take
    position: int = 0  # rows taken; moved with them, so that no two processes take the same
    read: int = 0
    created: int = 0
    updated: int = 0
    waiting: int = 0
    unchanged: int = 0
    released: int = 0
    bad: int = 0  # rows that were left out, by the check or while taking
    unknown_columns: list[str] = Field(default_factory=list, sa_type=JSON)
    check_faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # found while taking
    started_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    touched_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)  # a process was at it
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def state_name(self) -> str:
        """Its state for people."""
        return IMPORT_STATE_NAMES[self.state]

    @property
    def told(self) -> list[dict[str, Any]]:
        """The first of what was found wrong, for a page."""
        return [*self.faults, *self.check_faults][:MOST_TOLD]

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the import was not written yet")
        return self.id


class ImportRow(SQLModel, table=True):
    """One checked row that waits to be taken; it goes in the transaction that takes it."""

    __tablename__ = "import_row"

    run_id: int = Field(foreign_key="import_run.id", primary_key=True)
    place: int = Field(primary_key=True)  # 1, 2, 3 …
    number: int  # as a person counts it in the file
    owner_id: int | None = None  # whose it is; None: the hall's own holder of lists
    reference: str = Field(max_length=200)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
