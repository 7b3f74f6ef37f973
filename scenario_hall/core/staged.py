"""Uploads that wait for their record: kept at once, so that a form with an error never asks for them again.

A staged upload is a ``StoredFile`` that belongs to its person (``subject_kind`` “staged”, ``subject_id`` the account's)
in the role of its field. Saving the form gives it to the record; what nobody saved goes after a day.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import timedelta
from typing import BinaryIO

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.files import (
    MAX_BYTES,
    MAX_OF_ROLE,
    StoredFile,
    drop_content,
    files_of,
    keep_file,
    require_room,
    take_in,
)
from scenario_hall.core.stores import FileStore

STAGED = "staged"
KEPT_FOR = timedelta(days=1)


def stage_file(
    session: Session,
    store: FileStore,
    *,
    stream: BinaryIO,
    name: str,
    account_id: int,
    role: str,
    allowed: Set[str],
    largest: int = MAX_BYTES,
    beside: Collection[int] = (),
) -> StoredFile:
    """Keep an upload of ``account_id`` for the field ``role``; ``beside``: the staged ones of the same form, which
    stay. Raises Invalid (field ``files``) as ``take_in`` and ``keep_file`` do."""
    taken = take_in(stream, name, allowed, largest)
    with transaction(session):
        others = [file for file in files_of(session, STAGED, account_id) if file.id not in beside]
        # Forms that were left: their uploads make room.
        dropped = others[: max(0, len(others) + len(beside) - MAX_OF_ROLE + 1)]
        for file in dropped:
            session.delete(file)
        session.flush()
        kept = keep_file(
            session,
            store,
            taken,
            subject_kind=STAGED,
            subject_id=account_id,
            role=role,
            uploaded_by=account_id,
        )
    for digest in {file.sha256 for file in dropped}:
        drop_content(session, store, digest)
    return kept


def staged_files(session: Session, account_id: int, role: str, ids: Collection[int]) -> list[StoredFile]:
    """Those of the ids that are uploads of this person for this field."""
    return [file for file in files_of(session, STAGED, account_id, role) if file.id in ids]


def give_to(session: Session, file: StoredFile, *, subject_kind: str, subject_id: int, role: str) -> StoredFile:
    """Let a staged upload belong to its record, in the caller's transaction. Raises Invalid (field ``files``) where
    the record has too many."""
    require_room(session, subject_kind, subject_id, role)
    file.subject_kind, file.subject_id, file.role = subject_kind, subject_id, role
    session.add(file)
    session.flush()
    return file


def take_out(session: Session, store: FileStore, file: StoredFile) -> None:
    """Forget a staged upload."""
    digest = file.sha256
    with transaction(session):
        session.delete(file)
    drop_content(session, store, digest)


def prune_staged(session: Session, store: FileStore) -> int:
    """Delete uploads that no record was given within a day; returns how many."""
    with transaction(session):
        query = select(StoredFile).where(
            col(StoredFile.subject_kind) == STAGED, col(StoredFile.created_at) < now() - KEPT_FOR
        )
        old = list(session.exec(query))
        digests = {file.sha256 for file in old}
        for file in old:
            session.delete(file)
    for digest in digests:
        drop_content(session, store, digest)
    return len(old)
