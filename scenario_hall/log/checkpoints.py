"""Signed checkpoints: what the log was at a moment, kept where whoever can change the database may not reach.

A checkpoint is the three lines of C2SP's tlog-checkpoint (origin, number of lines, Merkle root) with a signed note's
Ed25519 signature under them. The hall appends each to a file outside the database and publishes the newest; others
keep copies. A log that was cut, emptied or written anew does not lead to them any more.

https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Text
from sqlmodel import Field, Session, SQLModel, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import UtcDateTime, transaction
from scenario_hall.core.keys import PublicKey, Ring, decoded, encoded
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.merkle import root_of
from scenario_hall.log.tree import grow, subtrees

EVERY = timedelta(hours=1)
# Not only every hour: what a certificate rests on is fixed at once.
AT_ONCE = ("outcome.approved", "outcome.revoked")
ED25519 = b"\x01"  # the kind of signature in a signed note's key id


class Checkpoint(SQLModel, table=True):
    """One signed checkpoint, as it was published. ``root`` is hexadecimal."""

    __tablename__ = "log_checkpoint"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    size: int
    root: str = Field(max_length=64)
    note: str = Field(sa_type=Text)


class LogForkedError(Exception):
    """The log does not lead to a checkpoint that was signed before."""


@dataclass(frozen=True)
class Stated:
    """What a checkpoint says, once its signature was checked."""

    size: int
    root: bytes


def origin_of(base_url: str) -> str:
    """The name of the log in its checkpoints: the hall's address without its scheme, and ``/log``."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/log"


def make_checkpoint(session: Session, ring: Ring, *, origin: str, file: Path) -> Checkpoint | None:
    """Sign what the log is now and keep it in ``file`` and the database; None when nothing was added since the last.

    Raises LogForkedError, and signs nothing, when the log does not lead to what was signed before.
    """
    grow(session)
    size, last = last_id(session), latest(session)
    if not size or (last is not None and last.size == size):
        return None
    tree = subtrees(session)
    if last is not None and (last.size > size or root_of(last.size, tree).hex() != last.root):
        raise LogForkedError(f"the log of {size} lines does not lead to the checkpoint of {last.size} lines")
    root = root_of(size, tree)
    made = Checkpoint(size=size, root=root.hex(), note=_signed_note(origin, size, root, ring))
    # The file first: should the hall stop between the two, one checkpoint more is kept there, which holds as well.
    _append(file, made)
    with transaction(session):
        session.add(made)
    return made


def keep_checkpoints(session: Session, ring: Ring, *, origin: str, file: Path) -> int:
    """Make a checkpoint if one is due; returns 1 if so."""
    last = latest(session)
    # One that lies ahead was made before the clock was set back.
    if last is not None and last.at <= now() < last.at + EVERY and not _cannot_wait(session, last.size):
        return 0
    return int(make_checkpoint(session, ring, origin=origin, file=file) is not None)


def latest(session: Session) -> Checkpoint | None:
    return session.exec(select(Checkpoint).order_by(col(Checkpoint.id).desc()).limit(1)).first()


def newest(session: Session, limit: int) -> list[Checkpoint]:
    """The last ones, the newest first."""
    return list(session.exec(select(Checkpoint).order_by(col(Checkpoint.id).desc()).limit(limit)))


def stored(session: Session) -> list[Checkpoint]:
    """All in the database, the oldest first."""
    return list(session.exec(select(Checkpoint).order_by(col(Checkpoint.id))))


def read_file(file: Path) -> list[str]:
    """The notes that were appended to ``file``; none when there is none.

    Raises ValueError when a line of it is no checkpoint.
    """
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    try:
        return [str(json.loads(line)["note"]) for line in lines]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{file} is damaged: a line of it is no checkpoint") from None


def read_note(note: str, keys: Sequence[PublicKey], *, origin: str = "") -> Stated:
    """What the checkpoint says.

    Raises ValueError when it is none, is of another log, or none of ``keys`` signed it.
    """
    text, _, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if len(lines) < 3 or not lines[1].isascii() or not lines[1].isdigit() or len(lines[1]) > 18:
        raise ValueError("this is no checkpoint")
    if origin and lines[0] != origin:
        raise ValueError(f"this is a checkpoint of {lines[0]}, not of {origin}")
    root = decoded(lines[2])
    if len(root) != hashlib.sha256().digest_size:
        raise ValueError("this is no checkpoint")
    if not any(_is_signed_by(text + "\n", line, lines[0], keys) for line in signatures.splitlines()):
        raise ValueError("none of the hall's keys has signed this checkpoint")
    return Stated(int(lines[1]), root)


def _is_signed_by(text: str, line: str, name: str, keys: Iterable[PublicKey]) -> bool:
    dash, _, rest = line.partition(" ")
    named, _, value = rest.rpartition(" ")
    if dash != "—" or named != name:
        return False
    try:
        blob = decoded(value)
    except ValueError:
        return False
    return any(blob[:4] == _key_id(name, key.raw) and key.has_signed(text.encode(), blob[4:]) for key in keys)


def _signed_note(origin: str, size: int, root: bytes, ring: Ring) -> str:
    text = f"{origin}\n{size}\n{encoded(root)}\n"
    key, signature = ring.sign_bytes(text.encode())
    return f"{text}\n— {origin} {encoded(_key_id(origin, key.raw) + signature)}\n"


def _key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


def _append(file: Path, made: Checkpoint) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": made.at.isoformat(), "note": made.note}, ensure_ascii=False) + "\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def _cannot_wait(session: Session, size: int) -> bool:
    query = select(Event.id).where(col(Event.kind).in_(AT_ONCE), col(Event.id) > size).limit(1)
    return session.exec(query).first() is not None
