"""Takes a file away from its record, with its event, while nobody relies on it yet."""

from __future__ import annotations

from typing import ClassVar, Protocol

from sqlmodel import Session

from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, NotFound, WrongState
from scenario_hall.core.files import FileRole, StoredFile, drop_content
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.stores import FileStore
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.log.transitions import Stateful


class WithFiles(Stateful, Protocol):
    """A record that says which files it has."""

    file_roles: ClassVar[tuple[FileRole, ...]]


def role_of(record: WithFiles, file: StoredFile) -> FileRole | None:
    """The declaration of the file's role; None for a role that the record no longer has."""
    return next((role for role in record.file_roles if role.covers(file.role)), None)


def may_remove(actor: Actor, record: WithFiles, file: StoredFile) -> bool:
    """Whether ``remove_file`` would do it."""
    role = role_of(record, file)
    return role is not None and record.state in role.removed_in and _may(actor, record, file, role)


def remove_file(actor: Actor, *, session: Session, store: FileStore, record: WithFiles, file: StoredFile) -> None:
    """Delete the row, and the bytes if no other row has them; the event keeps what it was by its SHA-256.

    Raises NotFound, Denied, WrongState (somebody relies on it already).
    """
    with transaction(session):
        session.refresh(record, with_for_update=True)
        role = role_of(record, file)
        if not can(actor, "view_files", record):
            raise NotFound()
        if role is None or not _may(actor, record, file, role):
            raise Denied()
        if record.state not in role.removed_in:
            raise WrongState(N_("This file can no longer be removed: others already rely on it."))
        digest = file.sha256
        session.delete(file)
        session.flush()
        record_event(session, actor, record, role.event, {"role": role.title, "file": digest})
    drop_content(session, store, digest)


def _may(actor: Actor, record: WithFiles, file: StoredFile, role: FileRole) -> bool:
    is_own = not role.is_shared or file.uploaded_by == actor.account_id
    return is_own and can(actor, role.action, record)
