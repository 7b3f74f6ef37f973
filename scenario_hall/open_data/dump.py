"""Makes a dump of all that is public and puts it in the place of the last one.

The database is read in slices, each its own short look, so that no reader or writer waits for it. The files are made in
a folder that nobody knows yet; a file that names the newest folder is replaced last, so whoever asks gets the files of
the one dump or of the other. Then the older one is deleted: what was taken back or erased is nowhere any more.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.clock import local_year, now
from scenario_hall.log.chain import last_id
from scenario_hall.log.epoch import epoch_of
from scenario_hall.open_data.datasets import DATASETS, Dataset
from scenario_hall.open_data.forms import FORMS
from scenario_hall.open_data.manifest import NAME, NEWEST, DumpFile, Manifest, made_for
from scenario_hall.open_data.published import PublishedForAll

SLICE = 200  # rows of one look at the database
_READ = 1 << 20
_VALUES = TypeAdapter(dict[str, Any])


def make_dump(session: Session, settings: Settings, datasets: Sequence[Dataset] = DATASETS) -> Manifest:
    """Make the dump and publish it; returns what it consists of. One process at a time may do so."""
    folder = settings.open_data
    folder.mkdir(parents=True, exist_ok=True)
    made_at, entry, epoch = now(), last_id(session), epoch_of(session)
    session.rollback()
    made = Path(tempfile.mkdtemp(prefix=f"{made_at:%Y%m%dT%H%M%S}-", dir=folder))
    made.chmod(0o755)
    files = [each for dataset in datasets for each in _write_dataset(session, settings, dataset, made)]
    manifest = Manifest(
        made_at=made_at,
        epoch=epoch,
        entry=entry,
        made_for=made_for(settings),
        files=tuple(files),
    )
    (made / NAME).write_text(manifest.model_dump_json(indent=1), "utf-8")
    _publish(folder, made)
    if settings.shared_open_data is not None:
        PublishedForAll(settings.shared_open_data).publish(made)
    return manifest


def _publish(folder: Path, made: Path) -> None:
    for path in made.iterdir():
        _sync(path)
    _sync(made)
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w") as pointer:
        pointer.write(made.name)
        pointer.flush()
        os.fsync(pointer.fileno())
    Path(name).replace(folder / NEWEST)
    _sync(folder)
    for old in folder.iterdir():
        if old.is_dir() and old != made:  # the last one, and any that a crash left half made
            shutil.rmtree(old)
        elif old.is_file() and old.name != NEWEST:
            old.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_dataset(session: Session, settings: Settings, dataset: Dataset, folder: Path) -> list[DumpFile]:
    """The files of one dataset, by year and form."""
    found = []
    for year, count in sorted(_write_lines(session, settings, dataset, folder).items()):
        lines = folder / f"{dataset.name}-{year}.jsonl"
        for form in dataset.forms:
            path = lines.with_suffix(f".{form}")
            if form in FORMS:
                FORMS[form](dataset, lines, path, settings)
            found.append(_described(path, dataset, year, count))
    return found


def _write_lines(session: Session, settings: Settings, dataset: Dataset, folder: Path) -> dict[int, int]:
    """The rows of the dataset as JSON lines, a file a year; returns how many rows each has."""
    counts: dict[int, int] = {}
    with ExitStack() as stack:
        files: dict[int, TextIO] = {}
        for year, line in _told(session, settings, dataset):
            if year not in files:
                path = folder / f"{dataset.name}-{year}.jsonl"
                files[year] = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            files[year].write(line)
            counts[year] = counts.get(year, 0) + 1
    return counts


def _told(session: Session, settings: Settings, dataset: Dataset) -> Iterator[tuple[int, str]]:
    """Year and line of each row that is public, in the order of the table, slice by slice."""
    after = 0
    while batch := dataset.batch(session, after, SLICE):
        for record in batch:
            row = dataset.row(session, settings, record)
            if row is not None:
                columns = dataset.columns or row
                told = _VALUES.dump_python({name: row[name] for name in columns}, mode="json")
                yield local_year(dataset.began(record)), json.dumps(told, ensure_ascii=False) + "\n"
        after = batch[-1].id
        session.rollback()  # no long look at the database
        session.expunge_all()


def _described(path: Path, dataset: Dataset, year: int, rows: int) -> DumpFile:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_READ):
            digest.update(part)
    return DumpFile(
        name=path.name,
        dataset=dataset.name,
        year=year,
        form=path.suffix[1:],
        rows=rows,
        size=path.stat().st_size,
        sha256=digest.hexdigest(),
    )
