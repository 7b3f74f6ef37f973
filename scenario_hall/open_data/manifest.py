"""What a dump consists of: written beside its files, and what its page and catalogue are made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from scenario_hall.config import Settings
from scenario_hall.core.canonical import fingerprint

NAME = "manifest.json"
NEWEST = "newest"  # the file that names the folder of the newest dump


class DumpFile(BaseModel):
    """One file: the rows of one dataset and year in one form. ``size`` in bytes, ``sha256`` hexadecimal."""

    model_config = ConfigDict(frozen=True)

    name: str
    dataset: str
    year: int
    form: str
    rows: int
    size: int
    sha256: str


class Manifest(BaseModel):
    """One dump: what was public at ``made_at``, when ``entry`` was the last line of the log ``epoch``. What changed
    while it was made is in it or not; whoever follows the changes from ``entry`` on has all of it."""

    model_config = ConfigDict(frozen=True)

    made_at: datetime
    epoch: str
    entry: int
    made_for: str  # the settings that stand in its files
    files: tuple[DumpFile, ...]

    def by_name(self) -> Mapping[str, DumpFile]:
        return {each.name: each for each in self.files}


def made_for(settings: Settings) -> str:
    """What of the settings stands in a dump's files."""
    return fingerprint([settings.base_url, settings.open_data_licence, settings.ocds_prefix])[:16]


def newest_dump(folder: Path) -> tuple[Path, Manifest] | None:
    """Where the newest dump lies, and what it consists of; None before the first."""
    place = _newest_folder(folder)
    while place is not None:
        try:
            return place, Manifest.model_validate_json((place / NAME).read_bytes())
        except FileNotFoundError:  # a newer one took its place between the two looks
            before, place = place, _newest_folder(folder)
            if place == before:
                return None
    return None


def newest_manifest(folder: Path) -> Manifest | None:
    """What the newest dump consists of; None before the first."""
    found = newest_dump(folder)
    return None if found is None else found[1]


def _newest_folder(folder: Path) -> Path | None:
    try:
        return folder / (folder / NEWEST).read_text("ascii")
    except FileNotFoundError:
        return None
