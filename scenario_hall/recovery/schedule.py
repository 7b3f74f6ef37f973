"""Backups on the settings' rhythm: made, checked in a scratch place, told, and thinned."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.config import Settings
from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.recovery.backup import FILES, make_backup
from scenario_hall.recovery.databases import RecoveryError
from scenario_hall.recovery.manifest import NAME, read_manifest
from scenario_hall.recovery.models import BackupRun
from scenario_hall.recovery.restore import restored_in_scratch

TOLD_FOR = timedelta(days=366)  # what became of each
UNFINISHED = timedelta(days=1)  # a backup that is being made has no manifest yet


def keep_backups(session: Session, settings: Settings) -> int:
    """Make and check a backup if one is due; returns 1 if so.

    Raises RecoveryError when it is not good, so that the job counts as failed and is tried again; the rows say why.
    """
    if settings.backup_dir is None or not _is_due(session, settings):
        return 0
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        raise TypeError("backups need an engine of their own")
    run, folder = BackupRun(), None
    try:
        made = make_backup(engine, settings, settings.backup_dir)
        folder = made.folder
        run.folder, run.log_size, run.missing = made.folder.name, made.manifest.log_size, "; ".join(made.missing)
        with restored_in_scratch(made.folder, engine, settings) as (_here, found):
            run.fault = "; ".join(found)
    except Exception as error:  # whatever a damaged copy makes the check raise is what is wrong with it; raised below
        run.fault = str(error) or type(error).__name__
    with transaction(session):
        session.add(run)
        for old in session.exec(select(BackupRun).where(col(BackupRun.at) < now() - TOLD_FOR)):
            session.delete(old)
    if run.fault:
        if folder is not None:  # nobody should ever restore it, and it must not count among those that are kept
            shutil.rmtree(folder)
        raise RecoveryError(f"the backup is NOT good: {run.fault}")
    thin(settings.backup_dir, settings.backup_keep)
    return 1


def last_good(session: Session) -> BackupRun | None:
    """The newest backup that held when it was checked."""
    query = select(BackupRun).where(col(BackupRun.fault) == "").order_by(col(BackupRun.id).desc())
    return session.exec(query.limit(1)).first()


def last_run(session: Session) -> BackupRun | None:
    return session.exec(select(BackupRun).order_by(col(BackupRun.id).desc()).limit(1)).first()


def is_late(session: Session, settings: Settings) -> bool:
    """Is the last good one older than twice the rhythm, or is there none?"""
    good = last_good(session)
    return good is None or now() - good.at > 2 * settings.backup_every


def thin(directory: Path, keep: int) -> int:
    """Delete all but the newest ``keep`` backups, and the uploaded files that none of those has; returns how many
    backups. A folder without a manifest is none: it is being made, or was cut short and goes after a day."""
    folders = sorted(each for each in directory.iterdir() if each.is_dir() and each.name != FILES)
    whole = [each for each in folders if (each / NAME).exists()]
    unfinished = [each for each in folders if not (each / NAME).exists() and _age(each) <= UNFINISHED]
    gone = whole[:-keep]
    for folder in (*gone, *(each for each in folders if each not in whole and each not in unfinished)):
        shutil.rmtree(folder)
    if gone and not unfinished:
        try:
            wanted = {sha256 for each in whole[-keep:] for sha256 in read_manifest(each).uploads}
        except RecoveryError:  # somebody has damaged an older one; then nothing says what may go
            return len(gone)
        for path in [path for path in (directory / FILES).rglob("*") if path.is_file()]:
            if path.name not in wanted:
                path.unlink()
    return len(gone)


def _is_due(session: Session, settings: Settings) -> bool:
    good = last_good(session)
    return good is None or now() - good.at >= settings.backup_every


def _age(folder: Path) -> timedelta:
    return timedelta(seconds=now().timestamp() - folder.stat().st_mtime)
