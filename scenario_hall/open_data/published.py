"""Where the newest dump is read: in the folder that it was made in, or in the bucket that machines share."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from scenario_hall.config import Settings
from scenario_hall.core.stores import LostContentError, SharedFolder
from scenario_hall.open_data.manifest import NAME, NEWEST, Manifest, newest_dump


class Published(Protocol):
    """Raises OutOfReachError where it is elsewhere and does not answer."""

    def newest(self) -> tuple[str, Manifest] | None:
        """The name of the newest dump, and what it consists of; None before the first."""

    def open(self, dump: str, name: str) -> BinaryIO:
        """A file of the dump. Raises LostContentError when a newer one took its place."""


@dataclass(frozen=True)
class PublishedHere:
    """In a folder of this machine."""

    folder: Path

    def newest(self) -> tuple[str, Manifest] | None:
        found = newest_dump(self.folder)
        return None if found is None else (found[0].name, found[1])

    def open(self, dump: str, name: str) -> BinaryIO:
        try:
            return (self.folder / dump / name).open("rb")
        except FileNotFoundError:
            raise LostContentError(name) from None


@dataclass(frozen=True)
class PublishedForAll:
    """In a bucket: the files of each dump under its name, and a file that names the newest."""

    bucket: SharedFolder

    def newest(self) -> tuple[str, Manifest] | None:
        name, before = self._named(), ""
        while name != before:
            try:
                with self.bucket.open(f"{name}/{NAME}") as told:
                    return name, Manifest.model_validate_json(told.read())
            except LostContentError:  # a newer one took its place between the two looks
                name, before = self._named(), name
        return None

    def open(self, dump: str, name: str) -> BinaryIO:
        return self.bucket.open(f"{dump}/{name}")

    def publish(self, made: Path) -> None:
        """Let all machines read the dump in ``made``, and nobody an older one: what was taken back is nowhere."""
        for path in sorted(made.iterdir()):
            with path.open("rb") as file:
                self.bucket.write(f"{made.name}/{path.name}", file)
        self.bucket.write(NEWEST, io.BytesIO(made.name.encode()))
        for name in self.bucket.names():
            if name != NEWEST and not name.startswith(f"{made.name}/"):
                self.bucket.remove(name)

    def _named(self) -> str:
        try:
            with self.bucket.open(NEWEST) as told:
                return told.read().decode("ascii")
        except LostContentError:
            return ""


def published(settings: Settings) -> Published:
    """By the settings."""
    if settings.shared_open_data is not None:
        return PublishedForAll(settings.shared_open_data)
    return PublishedHere(settings.open_data)
