"""Makes a backup while the hall runs.

``DIR/<moment>/`` holds the database, the log's checkpoints, the signing keys if they can be sealed, and a manifest;
``DIR/files/`` holds every uploaded file once, by its content, so a later backup only adds what is new.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall import __version__
from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.files import StoredFile, path_of
from scenario_hall.core.keys import KeyRing
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
    made_of = [copy.name]
    if settings.checkpoints.exists():
        shutil.copyfile(settings.checkpoints, folder / CHECKPOINTS)
        made_of.append(CHECKPOINTS)
    ring = KeyRing(settings.signing_keys)
    missing = []
    if settings.backup_key and ring.public_keys():
        (folder / KEYS).write_bytes(seal(settings.signing_keys, settings.backup_key))
        made_of.append(KEYS)
    elif ring.public_keys():
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
        keys=[key.as_json() for key in ring.public_keys()],
    )
    fresh = folder / f"{NAME}.new"
    fresh.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    fresh.replace(folder / NAME)
    return Made(folder, manifest, added, missing + [f"the uploaded file {sha256}" for sha256 in lost])


def _keep_files(uploads: list[str], source: Path, target: Path) -> tuple[int, list[str]]:
    """How many were added, and which are lost or damaged in the hall itself."""
    added, lost = 0, []
    for sha256 in uploads:
        kept = path_of(target, sha256)
        if kept.exists():
            continue
        original = path_of(source, sha256)
        if not original.exists() or sha256_of(original) != sha256:
            lost.append(sha256)
            continue
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new")
        shutil.copyfile(original, fresh)
        fresh.chmod(0o600)
        fresh.replace(kept)
        added += 1
    return added, lost


def _revision(session: Session) -> str:
    return revision_of(session.connection()) or ""
