"""Uploaded files: typed by their content, named by their hash, kept in a store (``core/stores.py``), never executed."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import filetype
from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, func, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.errors import Invalid
from scenario_hall.core.office import HasProgramsError, TooLargeUnpackedError, office_type
from scenario_hall.core.pictures import DamagedPictureError, TooManyPixelsError, TooSlowError, drawn_anew, scaled
from scenario_hall.core.stores import FileStore, content_of
from scenario_hall.core.texts import N_

MAX_BYTES = 10 * 1024 * 1024
MAX_OF_ROLE, MAX_OF_RECORD = 12, 60
IMAGES = {"image/png", "image/jpeg", "image/webp"}
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
TEXTS = {".csv": "text/csv", ".txt": "text/plain"}
# What a name ends with that says what the content is; the first stands for a type without one.
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/webp": (".webp",),
    **{kind: (ending,) for ending, kind in (OFFICE | TEXTS).items()},
}
ANY_TYPE = frozenset({"*/*"})  # for what is read and not handed out again, such as a list
DOCUMENTS = IMAGES | set(OFFICE.values()) | set(TEXTS.values()) | {"application/pdf"}


FILE_ROLE_NAMES: dict[str, str] = {
    "attachment": N_("Attachment"),
    "picture": N_("Picture"),
    "registration_document": N_("Registration document"),
    "evidence": N_("Evidence"),
}


@dataclass(frozen=True)
class FileRole:
    """What a record's files of one kind are for, and until when one of them may be taken away again.

    ``name`` is the role, or with a dot at its end the beginning of several roles that are counted apart.
    """

    name: str
    action: str  # who may do this may add and remove
    removed_in: frozenset[str]  # the record's states before one in which somebody relies on the file
    event: str
    is_shared: bool = False  # several parties add: each person takes away only what they have added

    @property
    def title(self) -> str:
        return self.name.rstrip(".")

    def covers(self, role: str) -> bool:
        return role.startswith(self.name) if self.name.endswith(".") else role == self.name


class StoredFile(SQLModel, table=True):
    """One file that belongs to one record (``subject_kind``, ``subject_id``) in one ``role``."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("stored_file_subject", "subject_kind", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True)
    subject_kind: str = Field(max_length=20)
    subject_id: int
    role: str = Field(max_length=30)
    name: str = Field(max_length=200)
    content_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64, index=True)
    uploaded_by: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


@dataclass(frozen=True)
class TakenIn:
    """An upload that may be kept: looked into, and if it is a picture, drawn anew."""

    content: bytes
    name: str
    content_type: str


def take_in(stream: BinaryIO, name: str, allowed: Set[str] | None = None, largest: int = MAX_BYTES) -> TakenIn:
    """Look into an upload. A large picture takes seconds, so this comes before the transaction that keeps it.

    Raises Invalid (field ``files``) for an empty, too large (``largest``, in bytes) or not allowed file.
    """
    content = stream.read(largest + 1)
    safe_name = Path(name.replace("\\", "/")).name[-200:] or "file"
    if not content:
        raise Invalid({"files": N_("“%(name)s” is empty.")}, name=safe_name)
    if len(content) > largest:
        raise Invalid({"files": N_("“%(name)s” is larger than %(most)s MB.")}, name=safe_name, most=largest >> 20)
    content_type = "application/octet-stream" if allowed is ANY_TYPE else _looked_into(content, safe_name)
    if content_type is None or (allowed is not ANY_TYPE and content_type not in (allowed or DOCUMENTS)):
        raise Invalid(
            {"files": N_("“%(name)s” is not a type of file accepted here (PDF, PNG, JPEG, WebP, Office, text).")},
            name=safe_name,
        )
    if content_type in IMAGES:
        content = _redrawn(content, content_type, safe_name)
    return TakenIn(content, _with_ending(safe_name, content_type), content_type)


def keep_file(
    session: Session,
    store: FileStore,
    taken: TakenIn,
    *,
    subject_kind: str,
    subject_id: int,
    role: str,
    uploaded_by: int | None,
) -> StoredFile:
    """Keep an upload in ``store`` and describe it in a row of the caller's transaction.

    Raises Invalid (field ``files``) when the record has enough files, OutOfReachError.
    """
    require_room(session, subject_kind, subject_id, role)
    digest = hashlib.sha256(taken.content).hexdigest()
    _hold_content(session, digest)
    store.put(digest, taken.content)
    stored = StoredFile(
        subject_kind=subject_kind,
        subject_id=subject_id,
        role=role,
        name=taken.name,
        content_type=taken.content_type,
        size=len(taken.content),
        sha256=digest,
        uploaded_by=uploaded_by,
    )
    session.add(stored)
    session.flush()
    return stored


def require_room(session: Session, subject_kind: str, subject_id: int, role: str) -> None:
    """Raise Invalid (field ``files``) where a record has as many files as it may have."""
    present = [file.role for file in files_of(session, subject_kind, subject_id)]
    if present.count(role) >= MAX_OF_ROLE or len(present) >= MAX_OF_RECORD:
        count = MAX_OF_ROLE if present.count(role) >= MAX_OF_ROLE else MAX_OF_RECORD
        raise Invalid({"files": N_("There are already %(count)s files; remove one first.")}, count=count)


def store_file(
    session: Session,
    store: FileStore,
    *,
    stream: BinaryIO,
    name: str,
    subject_kind: str,
    subject_id: int,
    role: str,
    uploaded_by: int | None,
    allowed: Set[str] | None = None,
) -> StoredFile:
    """Take in and keep at once, for whoever keeps nobody waiting by it. Raises as the two do."""
    return keep_file(
        session,
        store,
        take_in(stream, name, allowed),
        subject_kind=subject_kind,
        subject_id=subject_id,
        role=role,
        uploaded_by=uploaded_by,
    )


def _looked_into(content: bytes, name: str) -> str | None:
    try:
        return sniff(content, name)
    except HasProgramsError:
        raise Invalid(
            {"files": N_("“%(name)s” has macros or other programs in it. Please save it without them.")}, name=name
        ) from None
    except TooLargeUnpackedError:
        raise Invalid({"files": N_("“%(name)s” unpacks to more than a document may have.")}, name=name) from None


def _with_ending(name: str, content_type: str) -> str:
    """The name with an ending that fits the content, whatever else it says to be (OWASP ASVS 5.0, 5.2.2)."""
    endings = ENDINGS.get(content_type, ())
    if not endings or name.lower().endswith(endings):
        return name
    return name[: 200 - len(endings[0])] + endings[0]


def _redrawn(content: bytes, content_type: str, name: str) -> bytes:
    try:
        return drawn_anew(content, content_type)
    except TooManyPixelsError:
        raise Invalid({"files": N_("“%(name)s” has more than 50 million pixels.")}, name=name) from None
    except DamagedPictureError:
        raise Invalid({"files": N_("“%(name)s” is not a whole picture.")}, name=name) from None
    except TooSlowError:
        message = N_("“%(name)s” takes too long to read. Please save it smaller, or try again later.")
        raise Invalid({"files": message}, name=name) from None


def sniff(content: bytes, name: str) -> str | None:
    """The content type that the bytes show; the name only tells apart what the bytes cannot.
    Raises HasProgramsError or TooLargeUnpackedError for an Office file that is not taken."""
    kind = filetype.guess(content)
    if kind is not None:
        mime = str(kind.mime)
        is_zip = mime == "application/zip" or mime.startswith("application/vnd.")
        return office_type(content) if is_zip else mime
    suffix = Path(name).suffix.lower()
    if suffix in TEXTS and b"\0" not in content:
        return TEXTS[suffix]
    return None


def scaled_picture(store: FileStore, digest: str, width: int) -> BinaryIO:
    """The stored picture as wide as a page shows it; made now if it is not there, as after a restore. Raises
    LostContentError, OutOfReachError."""
    variant = f"{width}.webp"
    if not store.has(digest, variant):
        store.put(digest, scaled(content_of(store, digest), width), variant)
    return store.open(digest, variant)


def files_of(session: Session, subject_kind: str, subject_id: int, role: str | None = None) -> list[StoredFile]:
    """The files of one record, oldest first."""
    query = (
        select(StoredFile)
        .where(col(StoredFile.subject_kind) == subject_kind, col(StoredFile.subject_id) == subject_id)
        .order_by(col(StoredFile.id))
    )
    if role is not None:
        query = query.where(col(StoredFile.role) == role)
    return list(session.exec(query))


def drop_content(session: Session, store: FileStore, digest: str) -> bool:
    """Delete the bytes with this SHA-256 if no row names them any longer; whether that was so. In a transaction of its
    own, after the row's removal was committed: a crash between the two leaves bytes, never a row without bytes."""
    with transaction(session):
        _hold_content(session, digest)
        if session.exec(select(StoredFile.id).where(col(StoredFile.sha256) == digest).limit(1)).first() is not None:
            return False
        store.drop(digest)
    return True


def _hold_content(session: Session, digest: str) -> None:
    """Until the end of the transaction nobody else stores or deletes this content. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))
