"""What a backup says of itself: each part's hash, how many rows each table has, and the log's size and root."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError
from sqlalchemy import func, inspect, select
from sqlmodel import Session, SQLModel

from scenario_hall.log.chain import last_id
from scenario_hall.log.merkle import root_of
from scenario_hall.log.tree import subtrees
from scenario_hall.recovery.databases import RecoveryError

NAME = "manifest.json"
FORMAT = 1


class Manifest(BaseModel):
    """``parts``: SHA-256 by file name; ``uploads``: the hashes of all uploaded files; ``keys``: the public ones."""

    format: int = FORMAT
    made_at: datetime
    version: str
    schema_revision: str
    log_size: int
    log_root: str
    counts: dict[str, int]
    parts: dict[str, str]
    uploads: list[str]
    keys: list[dict[str, str | None]]


def read_manifest(folder: Path) -> Manifest:
    """Raises RecoveryError when there is none, or it cannot be read."""
    try:
        manifest = Manifest.model_validate_json((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecoveryError(f"{folder} is no backup: it has no {NAME}") from None
    except (ValidationError, ValueError):
        raise RecoveryError(f"{folder / NAME} is damaged") from None
    if manifest.format != FORMAT:
        raise RecoveryError(f"this backup has format {manifest.format}; this hall reads {FORMAT}")
    return manifest


def state_of_log(session: Session) -> tuple[int, str]:
    """How many lines it has, and their Merkle root (hexadecimal)."""
    size = last_id(session)
    return size, root_of(size, subtrees(session)).hex()


def counts_of(session: Session) -> dict[str, int]:
    """How many rows each table has; an older schema has not all of them."""
    present = set(inspect(session.connection()).get_table_names())
    return {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in SQLModel.metadata.sorted_tables
        if table.name in present
    }


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
