"""Makes a backup while the hall runs.

``DIR/<moment>/`` holds the database, the log's checkpoints, the signing keys if they can be sealed, and a manifest;
``DIR/files/`` holds every uploaded file once, by its content, so a later backup only adds what is new.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall import __version__
from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.files import StoredFile
from scenario_hall.core.stores import FileStore, FolderStore, LostContentError, content_of
from scenario_hall.log.key_ring import key_ring
from scenario_hall.recovery.databases import copied
from scenario_hall.recovery.manifest import NAME, Manifest, counts_of, sha256_of, state_of_log
from scenario_hall.recovery.sealing import seal
from scenario_hall.schema import revision_of

KEYS, CHECKPOINTS, FILES = "keys.sealed", "checkpoints.jsonl", "files"


@dataclass
class Made:
    """Where the backup lies, and what is not in it."""

    folder: Path
    manifest: Manifest
    files_added: int = 0
    missing: list[str] = field(default_factory=list)


def make_backup(engine: Engine, settings: Settings, directory: Path) -> Made:
    """Raises RecoveryError. A backup that was cut short has no manifest, and is none."""
    moment = now()
    folder = directory / f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}Z"
    folder.mkdir(mode=0o700, parents=True)
    parts: dict[str, str] = {}
    # The database first: every file that it names was there before it was copied.
    with copied(engine, folder) as (session, copy):
        size, root = state_of_log(session)
        uploads = sorted(set(session.exec(select(col(StoredFile.sha256)))))
        counts, revision = counts_of(session), _revision(session)
        keys = key_ring(session, settings).public_keys()
    made_of = [copy.name]
    if settings.checkpoints.exists():
        shutil.copyfile(settings.checkpoints, folder / CHECKPOINTS)
        made_of.append(CHECKPOINTS)
    missing = []
    # Those in the database are in its copy, sealed.
    if settings.signing_keys is not None and keys and settings.backup_key:
        (folder / KEYS).write_bytes(seal(settings.signing_keys, settings.backup_key))
        made_of.append(KEYS)
    elif settings.signing_keys is not None and keys:
        missing.append("the signing keys: set HALL_BACKUP_KEY to have them sealed into the backup, or keep them apart")
    added, lost = _keep_files(uploads, settings.files, directory / FILES)
    for name in made_of:
        (folder / name).chmod(0o600)
        parts[name] = sha256_of(folder / name)
    manifest = Manifest(
        made_at=moment,
        version=__version__,
        schema_revision=revision,
        log_size=size,
        log_root=root,
        counts=counts,
        parts=parts,
        uploads=uploads,
        keys=[key.as_json() for key in keys],
    )
    fresh = folder / f"{NAME}.new"
    fresh.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    fresh.replace(folder / NAME)
    return Made(folder, manifest, added, missing + [f"the uploaded file {sha256}" for sha256 in lost])


def _keep_files(uploads: list[str], source: FileStore, target: Path) -> tuple[int, list[str]]:
    """How many were added, and which are lost or damaged in the hall itself. Raises OutOfReachError."""
    added, lost, kept = 0, [], FolderStore(target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)  # whoever may not look into it sees none of the files
    for sha256 in uploads:
        if kept.has(sha256):
            continue
        try:
            content = content_of(source, sha256)
        except LostContentError:
            lost.append(sha256)
            continue
        if hashlib.sha256(content).hexdigest() != sha256:
            lost.append(sha256)
            continue
        kept.put(sha256, content)
        added += 1
    return added, lost


def _revision(session: Session) -> str:
    return revision_of(session.connection()) or ""
