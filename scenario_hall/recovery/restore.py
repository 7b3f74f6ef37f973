"""Makes a hall of a backup again, or proves in a scratch place that it could."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from scenario_hall import __version__
from scenario_hall.audit.whole import audit
from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine, transaction
from scenario_hall.core.keys import PublicKey
from scenario_hall.core.stores import FolderStore, content_of
from scenario_hall.log.chain import append
from scenario_hall.recovery.backup import CHECKPOINTS, FILES, KEYS
from scenario_hall.recovery.databases import POSTGRES_COPY, SQLITE_COPY, RecoveryError, fill, scratch
from scenario_hall.recovery.manifest import Manifest, counts_of, read_manifest, sha256_of, state_of_log
from scenario_hall.recovery.sealing import unseal
from scenario_hall.schema import is_known, newest_revision, revision_of, upgrade


def readable_manifest(folder: Path) -> Manifest:
    """That of a backup whose schema this hall knows. Raises RecoveryError for one of a newer hall, whose tables this
    one would misread, and for what is no backup."""
    manifest = read_manifest(folder)
    if not is_known(manifest.schema_revision):
        raise RecoveryError(
            f"this backup was made by version {manifest.version}, whose schema “{manifest.schema_revision}” this hall "
            f"({__version__}, {newest_revision()}) does not know: restore it with that version or a later one"
        )
    return manifest


def faults_of(folder: Path) -> list[str]:
    """What of the backup's parts and files is missing or changed. Raises RecoveryError when it is none."""
    manifest = read_manifest(folder)
    found = [
        f"{name} is missing or was changed"
        for name, sha256 in manifest.parts.items()
        if not (folder / name).is_file() or sha256_of(folder / name) != sha256
    ]
    kept = FolderStore(folder.parent / FILES)
    for sha256 in manifest.uploads:
        if not kept.has(sha256) or hashlib.sha256(content_of(kept, sha256)).hexdigest() != sha256:
            found.append(f"the uploaded file {sha256} is missing or was changed")
    return found


def faults_of_database(engine: Engine, manifest: Manifest, checkpoints: Path) -> list[str]:
    """What a database that was made of the backup says otherwise than the manifest, or than its own log, which is read
    at the newest schema: the database has that afterwards."""
    keys = [PublicKey.read(key) for key in manifest.keys]
    with Session(engine) as session:
        found = []
        if revision_of(session.connection()) != manifest.schema_revision:
            found.append("the schema is not the one that was backed up")
        else:
            counts = counts_of(session)
            found += [
                f"table {table} has {counts.get(table)} rows, not {count}"
                for table, count in manifest.counts.items()
                if counts.get(table) != count
            ]
        if state_of_log(session) != (manifest.log_size, manifest.log_root):
            found.append("the log is not the one that was backed up")
    try:
        upgrade(engine)
    except (SQLAlchemyError, RuntimeError) as error:
        told = str(error).splitlines()[0]
        return [*found, f"schema {manifest.schema_revision} cannot be brought to {newest_revision()}: {told}"]
    with Session(engine) as session:
        return found + audit(session, keys, file=checkpoints).faults


@contextmanager
def restored_in_scratch(folder: Path, engine: Engine, settings: Settings) -> Iterator[tuple[Settings, list[str]]]:
    """The backup as a hall in a scratch place, gone afterwards, with what is wrong with it."""
    manifest, found = readable_manifest(folder), faults_of(folder)
    with TemporaryDirectory() as place, scratch(engine, Path(place)) as database:
        here = replace(
            settings,
            data_dir=Path(place),
            search_index=Path(place) / "index",
            search_servers=None,
            database_url=database.url.render_as_string(hide_password=False),
            files_url="",
        )
        copy = _copy(folder, manifest)
        if copy is None:
            yield here, [*found, "there is no copy of the database in it"]
            return
        fill(database, copy)
        if (folder / CHECKPOINTS).exists():
            shutil.copyfile(folder / CHECKPOINTS, here.checkpoints)
        found += faults_of_database(database, manifest, here.checkpoints)
        yield here, found


def restore(folder: Path, settings: Settings) -> Manifest:
    """Make the hall of ``settings``, whose database and files must be empty, what the backup is, at this hall's schema;
    the log says so.

    Raises RecoveryError, and has changed nothing, when a part is missing or changed, or the schema is a newer hall's.
    """
    manifest, found = readable_manifest(folder), faults_of(folder)
    if found:
        raise RecoveryError("; ".join(found[:5]))
    copy = _copy(folder, manifest)
    if copy is None:
        raise RecoveryError("there is no copy of the database in it")
    if not settings.files.is_empty():
        place = settings.files_url or settings.files_folder
        raise RecoveryError(f"{place} is not empty: a backup is only restored into an empty place")
    if KEYS in manifest.parts and not settings.backup_key:
        raise RecoveryError("set HALL_BACKUP_KEY to the passphrase that the keys of this backup are sealed with")
    if KEYS in manifest.parts and settings.signing_keys is None:
        raise RecoveryError("the keys of this backup are those of a folder: let HALL_SIGNING_KEYS be one")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if KEYS in manifest.parts and settings.signing_keys is not None:
        unseal((folder / KEYS).read_bytes(), settings.backup_key, settings.signing_keys)
    for sha256 in manifest.uploads:
        settings.files.put(sha256, content_of(FolderStore(folder.parent / FILES), sha256))
    if CHECKPOINTS in manifest.parts:
        shutil.copyfile(folder / CHECKPOINTS, settings.checkpoints)
    engine = make_engine(settings.database_url)
    fill(engine, copy)
    if lost := faults_of_database(engine, manifest, settings.checkpoints):
        raise RecoveryError("restored, but not whole: " + "; ".join(lost[:5]))
    with Session(engine) as session, transaction(session):
        append(
            session,
            kind="log.restored",
            actor_id=None,
            subject_kind="log",
            subject_id=0,
            subject_code="",
            data={"lines": manifest.log_size, "made": manifest.made_at.isoformat()},
        )
    engine.dispose()
    return manifest


def _copy(folder: Path, manifest: Manifest) -> Path | None:
    name = next((name for name in (SQLITE_COPY, POSTGRES_COPY) if name in manifest.parts), None)
    return folder / name if name is not None else None
