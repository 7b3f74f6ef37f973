"""The features of all records in a file, so that a worker that starts need not cut and read every text again.

The file is a cache: whoever deletes it loses time, and nothing else. Each record's features stand there under its
version and owner; all of them under a stamp for what made them, which is the code and data of the packages that cut and
read, the taxonomy and the dictionary.
"""

from __future__ import annotations

import logging
import marshal
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from scenario_hall.config import ROOT
from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.language.text import dictionary_digest
from scenario_hall.matching.engine.features import Features, Need, Offer
from scenario_hall.taxonomy.taxonomy import Taxonomy

logger = logging.getLogger(__name__)
# What decides a record's features.
PACKAGES = ("core", "language", "quantities", "taxonomy", "matching")
_FEATURES = tuple(field.name for field in fields(Features) if field.name not in ("meaning", "need", "offer"))
_NEED = tuple(field.name for field in fields(Need))
_OFFER = tuple(field.name for field in fields(Offer))
_REQUIREMENT, _SPECIFICATION = tuple(Requirement.model_fields), tuple(Specification.model_fields)


class Kept(NamedTuple):
    """What stands for a record's state. ``until``: the last day on which as many certificates are in force."""

    version: int
    owner: int
    until: date


class KeptFeatures:
    """One file, written by one process at a time: the one that has the matcher's lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, taxonomy: Taxonomy, wanted: Mapping[str, tuple[int, int]], today: date) -> Iterator[Features]:
        """The features of those of the records that are there as they are ``wanted``: code → version, owner. Of a file
        that cannot be read, or was made by something else, nothing."""
        try:
            with closing(self._opened(taxonomy)) as file:
                query = "SELECT code, version, owner, until, features FROM kept"
                for code, version, owner, until, data in file.execute(query):
                    if wanted.get(code) == (version, owner) and until >= today.isoformat():
                        yield _from_plain(marshal.loads(data))  # noqa: S302  our own file, beside the signing keys
        except (sqlite3.DatabaseError, ValueError, EOFError, TypeError):
            logger.exception("%s cannot be read; the features are made anew", self._path)
            self._forget()

    def put(self, taxonomy: Taxonomy, found: Iterable[tuple[str, Kept, Features | None]]) -> None:
        """Keep these; None: not any more. What cannot be kept is made again one day."""
        try:
            self._put(taxonomy, list(found))
        except sqlite3.Error:
            logger.exception("%s cannot be written", self._path)

    def _put(self, taxonomy: Taxonomy, rows: Sequence[tuple[str, Kept, Features | None]]) -> None:
        with closing(self._opened(taxonomy)) as file:
            file.execute("BEGIN IMMEDIATE")
            file.executemany("DELETE FROM kept WHERE code = ?", [(code,) for code, _, _ in rows])
            file.executemany(
                "INSERT INTO kept VALUES (?, ?, ?, ?, ?)",
                [
                    (code, kept.version, kept.owner, kept.until.isoformat(), marshal.dumps(_as_plain(features)))
                    for code, kept, features in rows
                    if features is not None
                ],
            )
            file.execute("COMMIT")

    def _forget(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            path = self._path.with_name(self._path.name + suffix)
            if path.is_file():
                path.unlink()

    def _opened(self, taxonomy: Taxonomy) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=OFF")
        file.execute("CREATE TABLE IF NOT EXISTS made (stamp TEXT)")
        file.execute(
            "CREATE TABLE IF NOT EXISTS kept (code TEXT PRIMARY KEY, version INT, owner INT, until TEXT, features BLOB)"
        )
        stamp = _stamp(taxonomy)
        if file.execute("SELECT stamp FROM made").fetchone() != (stamp,):
            file.execute("BEGIN IMMEDIATE")
            file.execute("DELETE FROM kept")
            file.execute("DELETE FROM made")
            file.execute("INSERT INTO made VALUES (?)", (stamp,))
            file.execute("COMMIT")
        return file


def _stamp(taxonomy: Taxonomy) -> str:
    made = blake2b(_code().encode(), digest_size=16)
    made.update(repr(taxonomy.tags).encode("utf-8", "surrogatepass"))
    made.update(dictionary_digest().to_bytes(8))
    return made.hexdigest()


@cache
def _code() -> str:
    found = blake2b(digest_size=16)
    for package in PACKAGES:
        for path in sorted((ROOT / "scenario_hall" / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.read_bytes())
    return found.hexdigest()


def _as_plain(features: Features) -> tuple[Any, ...]:
    own = [getattr(features, name) for name in _FEATURES]
    return tuple(map(_plain, own)), _record(features.need, _NEED), _record(features.offer, _OFFER)


def _record(record: Need | Offer | None, names: Iterable[str]) -> tuple[Any, ...] | None:
    return None if record is None else tuple(_plain(getattr(record, name)) for name in names)


def _plain(value: Any) -> Any:
    """What ``marshal`` takes: nothing that is ours."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return tuple(_line(each) if isinstance(each, Requirement | Specification) else each for each in value)
    return value


def _line(line: Requirement | Specification) -> tuple[Any, ...]:
    values = (line.__dict__[name] for name in type(line).model_fields)
    return tuple(value.value if isinstance(value, StrEnum) else value for value in values)


def _from_plain(plain: tuple[Any, ...]) -> Features:
    own, need, offer = plain
    values = dict(zip(_FEATURES, own, strict=True))
    values["requirements"] = tuple(map(_requirement, values["requirements"]))
    values["specifications"] = tuple(map(_specification, values["specifications"]))
    if need is not None:
        told = dict(zip(_NEED, need, strict=True))
        told["requirements"] = tuple(map(_requirement, told["requirements"]))
        values["need"] = Need(**told)
    if offer is not None:
        told = dict(zip(_OFFER, offer, strict=True))
        told["specifications"] = tuple(map(_specification, told["specifications"]))
        values["offer"] = Offer(**told)
    return Features(**values)


# Lines are frozen, and thousands of records state the same ones.
@lru_cache(maxsize=1 << 16)
def _requirement(line: tuple[Any, ...]) -> Requirement:
    told = dict(zip(_REQUIREMENT, line, strict=True))
    told["comparison"], told["necessity"] = Comparison(told["comparison"]), Necessity(told["necessity"])
    return Requirement.model_construct(**told)  # it was checked when it was written


@lru_cache(maxsize=1 << 16)
def _specification(line: tuple[Any, ...]) -> Specification:
    return Specification.model_construct(**dict(zip(_SPECIFICATION, line, strict=True)))
