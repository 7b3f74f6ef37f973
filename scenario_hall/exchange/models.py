"""An import as rows: the run with its state and report, and the checked rows that wait to be taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime
from scenario_hall.core.texts import N_


class ImportState(StrEnum):
    CHECKING = "checking"  # its rows are being stored; without its process it is dropped
    CHECKED = "checked"  # every row is stored: from here on it is taken to the end, by whatever process
    TAKING = "taking"
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"


IMPORT_STATE_NAMES: dict[str, str] = {
    ImportState.CHECKING: N_("Being checked"),
    ImportState.CHECKED: N_("Checked"),
    ImportState.TAKING: N_("Being imported"),
    ImportState.TAKEN: N_("Imported"),
    ImportState.UNDOING: N_("Being undone"),
    ImportState.UNDONE: N_("Undone"),
}


ENDED = (ImportState.TAKEN, ImportState.UNDONE)
MAX_SHEET = 100  # characters of a sheet's name; Excel allows 31
MOST_TOLD = 100  # faults on a page


class ImportRun(SQLModel, table=True):
    """One list on its way into the hall."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=200)
    fingerprint: str = Field(max_length=64, index=True)  # of the file and the options: the same list is continued
    account_id: int | None = Field(default=None, foreign_key="account.id")  # who answers for it; None: the operator
    is_by_member: bool = False  # with the account's own rights, not with the operator's
    list_name: str = Field(default="", max_length=200)
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
    kept: int = 0  # rows of which something was left, since it was amended by hand
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
    sheet: str = Field(default="", max_length=MAX_SHEET)  # where the list stands on several
    stated: list[str] = Field(default_factory=list, sa_type=JSON)  # fields that change a record that is there already
    owner_id: int | None = None  # whose it is; None: the hall's own holder of lists
    reference: str = Field(max_length=200)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    source_cells: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class ImportedContent(SQLModel, table=True):
    """What imports gave a record last, field by field: where the record differs, it was amended by hand since."""

    __tablename__ = "imported_content"
    __table_args__ = (UniqueConstraint("subject", "record_id"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=20)
    record_id: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ImportChange(SQLModel, table=True):
    """What one run did to one record, until the run is undone: the fields it changed, before and after."""

    __tablename__ = "import_change"

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="import_run.id", index=True)
    subject: str = Field(max_length=20)
    record_id: int
    is_created: bool
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class UploadState(StrEnum):
    WAITING = "waiting"  # for a check, by the page at once or by the worker
    CHECKED = "checked"
    REFUSED = "refused"  # no list: ``check`` says why
    WANTED = "wanted"  # its good rows are to be taken
    TAKEN = "taken"  # they are a run now


class ImportUpload(SQLModel, table=True):
    """A list that somebody brought in the browser, with what they said of it and what the last check found."""

    __tablename__ = "import_upload"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    organization_id: int | None = Field(default=None, foreign_key="organization.id")
    kind: str = Field(max_length=20)
    file_name: str = Field(max_length=200)
    list_name: str = Field(default="", max_length=200)
    data: bytes
    clears_empty: bool = False
    releases: bool = False
    chosen: dict[str, str | None] = Field(default_factory=dict, sa_type=JSON)  # header → meaning
    corrections: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSON)  # place → header → text
    state: str = Field(default=UploadState.WAITING, max_length=10, index=True)
    check: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    run_id: int | None = Field(default=None, foreign_key="import_run.id")
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def pk(self) -> int:
        """The row's id. Raises ValueError before the row was written."""
        if self.id is None:
            raise ValueError("the list was not written yet")
        return self.id
