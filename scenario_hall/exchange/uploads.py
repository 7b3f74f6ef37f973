"""Lists that are brought in the browser: checked, corrected cell by cell, and their good rows taken.

An administrator brings lists for the hall or for any organisation, with the operator's rights and in their own name; an
editor brings lists of their own organisation, with their own rights, and what is taken are drafts.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, NotFound, WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.exchange.columns import ListKind, targets
from scenario_hall.exchange.models import ImportUpload, UploadState
from scenario_hall.log.chain import lock_head
from scenario_hall.log.sent_forms import claim
from scenario_hall.organizations.models import Organization

AT_ONCE = 100 * 1024  # bytes of a list that the page checks itself; a larger one waits for the worker
LARGEST = 20 * 1024 * 1024
MOST_WAITING = 20  # lists of one person that are kept


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
        lock_head(session)
        claim(session)  # no event says that a list was brought, so a form that is sent twice is found here
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
