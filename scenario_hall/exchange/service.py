"""Take a list into the hall: all of it is checked first; nothing is taken when a row is bad, unless bad ones may be
left out; then the rows are taken in slices, and a run that was cut short is continued."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from scenario_hall.core.errors import Denied
from scenario_hall.core.policy import Actor
from scenario_hall.exchange.checking import CheckedList, check_list
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.faults import fault_from
from scenario_hall.exchange.models import ImportRun
from scenario_hall.exchange.reading import read_file
from scenario_hall.exchange.report import ImportOptions, ImportReport, report_of
from scenario_hall.exchange.runs import (
    MAX_FAULTS,
    PAUSE_SECONDS,
    SURROUNDINGS,
    RunTaker,
    drop_abandoned,
    store_run,
    unfinished_run,
)


def import_list(actor: Actor, *, session: Session, kind: ListKind, path: Path, options: ImportOptions) -> ImportReport:
    """Take a list. Raises Denied for anybody but the hall's operator, ReadingError for a file that is no list."""
    if not actor.is_system:
        raise Denied()
    data = read_file(path)
    options = options if options.list_name else replace(options, list_name=path.stem)
    fingerprint = _fingerprint(actor, kind, data, options)
    drop_abandoned(session)
    run = None if options.only_check else unfinished_run(session, fingerprint)
    if run is not None:
        check_faults = [fault_from(stored) for stored in run.check_faults]
    else:
        checked = check_list(actor, session=session, kind=kind, data=data, options=options)
        check_faults = checked.faults
        if options.only_check or (checked.bad and not options.skip_bad):
            return _not_kept(checked)
        run = store_run(session, _new_run(actor, kind, path, fingerprint, checked, options), checked.rows)
    _take(session, run.pk, options)
    session.refresh(run)
    return report_of(run, check_faults, [fault_from(stored) for stored in run.faults])


def _take(session: Session, run_id: int, options: ImportOptions) -> None:
    taker, goes_on = RunTaker(run_id), True
    while goes_on:
        try:
            goes_on = taker.take_slice(session, seconds=options.slice_seconds)
        except SURROUNDINGS:
            if not taker.is_patient:
                raise  # the run stays as it is, for the worker or the same command
            time.sleep(taker.pause)
        run = session.get_one(ImportRun, run_id)
        options.progress(run.position, run.total)
        time.sleep(PAUSE_SECONDS)


def _new_run(
    actor: Actor, kind: ListKind, path: Path, fingerprint: str, checked: CheckedList, options: ImportOptions
) -> ImportRun:
    return ImportRun(
        kind=kind,
        file_name=path.name[-200:],
        fingerprint=fingerprint,
        account_id=actor.account_id,
        list_name=options.list_name[:200],
        releases=options.releases,
        read=checked.read,
        bad=checked.bad,
        unknown_columns=checked.unknown_columns,
        check_faults=[fault.as_json() for fault in checked.faults[:MAX_FAULTS]],
    )


def _not_kept(checked: CheckedList) -> ImportReport:
    return ImportReport(
        faults=checked.faults,
        unknown_columns=checked.unknown_columns,
        read=checked.read,
        bad=checked.bad,
        is_kept=False,
    )


def _fingerprint(actor: Actor, kind: ListKind, data: bytes, options: ImportOptions) -> str:
    """What tells a list and how it is to be taken from all others."""
    said = [
        kind,
        actor.account_id,
        options.organization.pk if options.organization is not None else None,
        options.skip_bad,
        options.releases,
        options.list_name,
        options.clears_empty,
        sorted((header, target or "") for header, target in (options.chosen or {}).items()),
    ]
    return hashlib.sha256(json.dumps(said).encode() + b"\n" + data).hexdigest()
