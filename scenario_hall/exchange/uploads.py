"""Lists that are brought in the browser: checked, corrected cell by cell, and their good rows taken.

An administrator brings lists for the hall or for any organisation, with the operator's rights and in their own name; an
editor brings lists of their own organisation, with their own rights, and what is taken are drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.exchange.checking import CheckedList, check_list
from scenario_hall.exchange.columns import MEASURE, Certainty, Column, ListKind, targets
from scenario_hall.exchange.faults import Severity, in_order
from scenario_hall.exchange.models import ImportRun, ImportUpload, UploadState
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.runs import ABANDONED_AFTER, MAX_FAULTS, store_run
from scenario_hall.organizations.accounts import actor_of, operator_of
from scenario_hall.organizations.models import Account, Organization

AT_ONCE = 100 * 1024  # bytes of a list that the page checks itself; a larger one waits for the worker
LARGEST = 20 * 1024 * 1024
MOST_WAITING = 20  # lists of one person that are kept
_FIRST_ROWS, _BAD_ROWS = 8, 2_000

CHOSEN, KNOWN = N_("You have said so."), N_("Lists call it so.")
CONTAINED, MEASURED = N_("Its header contains a name that is known."), N_("All its cells are numbers.")
UNKNOWN = N_("Not recognised; its cells are kept as they are written.")


def may_bring(actor: Actor) -> bool:
    """Whether somebody has anything to bring lists for."""
    return actor.is_confirmed and (actor.is_administrator or any(map(actor.edits, actor.memberships)))


def bring_list(
    actor: Actor,
    *,
    session: Session,
    kind: ListKind,
    file_name: str,
    data: bytes,
    organization: Organization | None,
    list_name: str = "",
    clears_empty: bool = False,
    releases: bool = False,
) -> ImportUpload:
    """Keep a file for its check. Raises Denied; Invalid for one that is empty or too large."""
    if not actor.is_administrator:
        if organization is None or kind is ListKind.ORGANIZATIONS or releases:
            raise Denied()
        require(actor, "draft", organization)
    if not data or len(data) > LARGEST:
        raise Invalid({"file": N_("Please choose a file of at most 20 MB.")})
    upload = ImportUpload(
        account_id=actor.account_id or 0,
        organization_id=organization.pk if organization is not None else None,
        kind=kind,
        file_name=file_name[-200:],
        list_name=(" ".join(list_name.split()) or file_name.rpartition(".")[0] or file_name)[:200],
        data=data,
        clears_empty=clears_empty,
        releases=releases,
    )
    with transaction(session):
        session.add(upload)
        for old in _uploads_of(session, actor)[MOST_WAITING:]:
            if old.state != UploadState.WANTED:
                session.delete(old)
    return upload


def get_upload(actor: Actor, *, session: Session, upload_id: int) -> ImportUpload:
    """A list of one's own. Raises NotFound."""
    upload = session.get(ImportUpload, upload_id)
    if upload is None or upload.account_id != actor.account_id:
        raise NotFound()
    return upload


def newest_uploads(actor: Actor, *, session: Session) -> list[ImportUpload]:
    """One's own lists, the newest first."""
    return _uploads_of(session, actor)[:MOST_WAITING]


def _uploads_of(session: Session, actor: Actor) -> list[ImportUpload]:
    query = select(ImportUpload).where(col(ImportUpload.account_id) == actor.account_id)
    return list(session.exec(query.order_by(col(ImportUpload.id).desc())))


def correct_list(
    session: Session,
    upload: ImportUpload,
    *,
    chosen: Mapping[str, str | None],
    corrections: Mapping[str, Mapping[str, str]],
) -> None:
    """Say what columns mean and what cells are to say; the list waits for its check again. Raises WrongState,
    Invalid for a meaning that there is not."""
    _require_open(upload)
    if {target for target in chosen.values() if target} - set(targets(ListKind(upload.kind))):
        raise Invalid({}, N_("There is no such meaning of a column."))
    with transaction(session):
        upload.chosen = {**upload.chosen, **chosen}
        upload.corrections = {
            **upload.corrections,
            **{place: {**upload.corrections.get(place, {}), **cells} for place, cells in corrections.items()},
        }
        upload.state = UploadState.WAITING
        session.add(upload)


def want_list(session: Session, upload: ImportUpload) -> None:
    """Let the good rows be taken. Raises WrongState."""
    _require_open(upload)
    if upload.state != UploadState.CHECKED:
        raise WrongState(N_("The list has to be checked first."))
    with transaction(session):
        upload.state = UploadState.WANTED
        session.add(upload)


def _require_open(upload: ImportUpload) -> None:
    if upload.state in (UploadState.WANTED, UploadState.TAKEN):
        raise WrongState(N_("This list is being taken already."))


def waiting_upload(session: Session) -> int | None:
    """The oldest list that waits for the worker."""
    waiting = col(ImportUpload.state).in_((UploadState.WAITING, UploadState.WANTED))
    return session.exec(select(ImportUpload.id).where(waiting).order_by(col(ImportUpload.id))).first()


def check_upload(session: Session, upload: ImportUpload) -> None:
    """Check the list as the hall stands now, and where it is wanted store its good rows as a run."""
    upload_id, state = upload.pk, upload.state
    account = session.get_one(Account, upload.account_id)
    actor = operator_of(session, account) if account.is_administrator else actor_of(session, account)
    options = _options(session, upload)
    kind, data = ListKind(upload.kind), upload.data
    try:
        checked = check_list(actor, session=session, kind=kind, data=data, options=options)
    except ReadingError as error:
        found, state = {"message": error.message, "values": _plain(error.values)}, UploadState.REFUSED
        run = None
    else:
        found = _found(checked, options)
        run = _run(session, upload_id, actor, checked) if state == UploadState.WANTED else None
        state = UploadState.CHECKED if run is None else UploadState.TAKEN
    with transaction(session):
        upload = session.get_one(ImportUpload, upload_id)
        upload.check, upload.state = found, state
        upload.run_id = run.pk if run is not None else None
        session.add(upload)


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


def _run(session: Session, upload_id: int, actor: Actor, checked: CheckedList) -> ImportRun:
    """The good rows as a run that the worker goes on with at once."""
    upload = session.get_one(ImportUpload, upload_id)
    run = ImportRun(
        kind=upload.kind,
        file_name=upload.file_name,
        fingerprint=f"upload {upload.pk}",
        account_id=upload.account_id,
        is_by_member=not actor.is_system,
        list_name=upload.list_name,
        releases=upload.releases,
        read=checked.read,
        bad=checked.bad,
        unknown_columns=checked.unknown_columns,
        check_faults=[fault.as_json() for fault in checked.faults[:MAX_FAULTS]],
    )
    run = store_run(session, run, checked.rows)
    with transaction(session):
        run.touched_at = now() - ABANDONED_AFTER
        session.add(run)
    return run


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
