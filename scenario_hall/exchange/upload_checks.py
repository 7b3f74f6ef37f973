"""The check of a list that was brought in the browser: in slices, with its progress on the list's page, and where its
good rows are wanted their storing as a run."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.checking import CheckedList, ListCheck
from scenario_hall.exchange.columns import MEASURE, Certainty, Column, ListKind
from scenario_hall.exchange.faults import Severity, in_order
from scenario_hall.exchange.models import ImportRun, ImportState, ImportUpload, UploadState
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.runs import ABANDONED_AFTER, MAX_FAULTS, store_rows
from scenario_hall.exchange.steps import Steps
from scenario_hall.organizations.accounts import actor_of, operator_of
from scenario_hall.organizations.models import Account, Organization

_DATA: Any = ImportUpload.data
_FIRST_ROWS, _BAD_ROWS = 8, 2_000
CHOSEN, KNOWN = N_("You have said so."), N_("Lists call it so.")
CONTAINED, MEASURED = N_("Its header contains a name that is known."), N_("All its cells are numbers.")
UNKNOWN = N_("Not recognised; its cells are kept as they are written.")


def check_upload(session: Session, upload: ImportUpload) -> None:
    """Check the list in one go, as the hall stands now, and where it is wanted store its good rows as a run."""
    check = UploadCheck(session, upload)
    while check.work_for(math.inf):
        pass


class UploadCheck:
    """One process at the check of one list. What it found is kept only if nothing was said anew of the list meanwhile;
    else the list waits for its check again."""

    def __init__(self, session: Session, upload: ImportUpload) -> None:
        self.session, self.upload_id = session, upload.pk
        self._asked = _asked(upload)
        account = session.get_one(Account, upload.account_id)
        actor = operator_of(session, account) if account.is_administrator else actor_of(session, account)
        self._is_by_member = not actor.is_system
        self._options = _options(session, upload)
        self._check = ListCheck(
            actor, session=session, kind=ListKind(upload.kind), data=upload.data, options=self._options
        )
        self._storing: Steps[None] | None = None
        self._run: ImportRun | None = None

    def work_for(self, seconds: float) -> bool:
        """Go on for about ``seconds``; False when the check is at its end, or was made in vain."""
        until = time.monotonic() + seconds
        if self._storing is None:
            try:
                if self._check.work_for(seconds):
                    return self._tell_progress()
            except ReadingError as error:
                self._keep({"message": error.message, "values": _plain(error.values)}, UploadState.REFUSED)
                return False
            if self._asked[0] != UploadState.WANTED:
                self._keep(_found(self._check.result, self._options), UploadState.CHECKED)
                return False
            self._run = self._new_run(self._check.result)
            self._storing = store_rows(self.session, self._run, self._check.result.rows)
        for _ in self._storing:
            if time.monotonic() >= until:
                return True
        self._keep(_found(self._check.result, self._options), UploadState.TAKEN)
        return False

    def _tell_progress(self) -> bool:
        """Show on the list's page how far the check is; False where it would be in vain."""
        with transaction(self.session):
            upload = self._still_asked()
            if upload is not None:
                upload.check = {**upload.check, "share": round(self._check.share, 3)}
                self.session.add(upload)
        return upload is not None

    def _still_asked(self) -> ImportUpload | None:
        upload = self.session.get(
            ImportUpload,
            self.upload_id,
            options=[defer(_DATA)],  # up to 20 MB, which the check has read
            with_for_update=True,
            populate_existing=True,
        )
        return upload if upload is not None and _asked(upload) == self._asked else None

    def _keep(self, found: dict[str, Any], state: UploadState) -> None:
        """In one transaction with the run's beginning, so that no list is taken twice; a run that was stored in vain is
        dropped with the others that nobody goes on with."""
        with transaction(self.session):
            upload = self._still_asked()
            if upload is None:
                return
            upload.check, upload.state = found, state
            if self._run is not None:
                self._run.state, self._run.touched_at = ImportState.CHECKED, now() - ABANDONED_AFTER
                upload.run_id = self._run.pk
                self.session.add(self._run)
            self.session.add(upload)

    def _new_run(self, checked: CheckedList) -> ImportRun:
        """The good rows as a run that the worker goes on with at once."""
        upload = self.session.get_one(ImportUpload, self.upload_id)
        return ImportRun(
            kind=upload.kind,
            file_name=upload.file_name,
            fingerprint=f"upload {upload.pk}",
            account_id=upload.account_id,
            is_by_member=self._is_by_member,
            list_name=upload.list_name,
            releases=upload.releases,
            read=checked.read,
            bad=checked.bad,
            unknown_columns=checked.unknown_columns,
            check_faults=[fault.as_json() for fault in checked.faults[:MAX_FAULTS]],
        )


def _asked(upload: ImportUpload) -> tuple[object, ...]:
    """What a check is of: when it differs at the end, the check was of something else."""
    return upload.state, dict(upload.chosen), {place: dict(cells) for place, cells in upload.corrections.items()}


def _options(session: Session, upload: ImportUpload) -> ImportOptions:
    owner = session.get(Organization, upload.organization_id) if upload.organization_id is not None else None
    return ImportOptions(
        organization=owner,
        skip_bad=True,
        list_name=upload.list_name,
        clears_empty=upload.clears_empty,
        releases=upload.releases,
        chosen=upload.chosen,
        corrections=upload.corrections,
    )


def _found(checked: CheckedList, options: ImportOptions) -> dict[str, Any]:
    """What the page shows of a check, as JSON."""
    bad = {fault.place for fault in checked.faults if fault.severity is Severity.ERROR}
    told: dict[str, list[dict[str, Any]]] = {}
    for fault in checked.faults:
        told.setdefault(fault.place, []).append(fault.as_json())
    rows = {row.place: row for row in checked.table.rows}
    return {
        "read": len(checked.table.rows),
        "good": len(checked.rows),
        "bad": len(bad),
        "columns": [
            {
                "header": column.header,
                "target": column.target or "",
                "certainty": column.certainty,
                "reason": _reason(column, options.chosen or {}),
            }
            for column in checked.columns.columns
        ],
        "first": [{"place": row.place, "cells": row.cells} for row in checked.table.rows[:_FIRST_ROWS]],
        "faults": [
            {**fault.as_json(), "place": fault.place, "cell": _cell(rows, fault.place, fault.column)}
            for fault in in_order(checked.faults)[:MAX_FAULTS]
        ],
        "told": len(checked.faults),
        "bad_rows": [
            {"place": place, "cells": rows[place].cells, "faults": told[place]}
            for place in list(dict.fromkeys(fault.place for fault in checked.faults))
            if place in bad and place in rows
        ][:_BAD_ROWS],
    }


def _cell(rows: Mapping[str, Any], place: str, header: str) -> str | None:
    """What the faulty cell says, None where the fault is of no cell."""
    row = rows.get(place)
    return row.cells.get(header) if row is not None else None


def _reason(column: Column, chosen: Mapping[str, str | None]) -> str:
    if column.header in chosen:
        return CHOSEN
    match column.certainty:
        case Certainty.SURE:
            return KNOWN
        case Certainty.GUESSED:
            return MEASURED if column.target == MEASURE else CONTAINED
        case _:
            return UNKNOWN


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
